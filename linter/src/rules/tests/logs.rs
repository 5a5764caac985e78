//! Where logs end up, in whose account, and texts of which only the ends are known.

use super::check;

/// The verdicts of a condition on all instances of a type.
fn verdicts(resource_type: &str, condition: &str, config: &str) -> Vec<String> {
    let run = check(resource_type, &format!("condition = {condition}\nerror_message = \"x\""), config);
    assert!(run.judged.errors.is_empty(), "{:#?}", run.judged.errors);
    run.judged.findings.iter().map(|it| format!("{} {}", it.verdict.as_str(), it.address)).collect()
}

#[test]
fn writers_are_found_however_they_spell_the_store() {
    for writer in [
        "resource \"google_logging_project_sink\" \"s\" {\n destination = \"storage.googleapis.com/logs\"\n}",
        "resource \"google_logging_project_sink\" \"s\" {\n destination = \"storage.googleapis.com/logs/folder\"\n}",
        "resource \"google_logging_folder_sink\" \"s\" {\n destination = \"storage.googleapis.com/${google_storage_bucket.logs.name}\"\n}",
        "resource \"google_storage_bucket\" \"w\" {\n name = \"w\"\n logging {\n log_bucket = \"logs\"\n}\n}",
    ] {
        let config = format!(
            "resource \"google_storage_bucket\" \"logs\" {{\n name = \"logs\"\n}}\nresource \"google_storage_bucket\" \"other\" {{\n name = \"folder\"\n}}\n{writer}\n"
        );
        let found = verdicts("google_storage_bucket", "!is_log_store(self)", &config);
        assert_eq!(found, ["fail google_storage_bucket.logs"], "{writer}");
        let found = verdicts("google_storage_bucket", "length(log_writers(self)) == 0", &config);
        assert_eq!(found, ["fail google_storage_bucket.logs"], "{writer}");
    }
}

#[test]
fn log_buckets_are_found_in_destinations() {
    let config = r#"
resource "google_logging_project_bucket_config" "central" {
  project   = "logs"
  location  = "global"
  bucket_id = "central"
}
resource "google_logging_project_sink" "s" {
  destination = "logging.googleapis.com/${google_logging_project_bucket_config.central.id}"
}
"#;
    let found = verdicts("google_logging_project_bucket_config", "length(log_writers(self)) == 0", config);
    assert_eq!(found, ["fail google_logging_project_bucket_config.central"]);
}

/// Whether two buckets are in the same account, with these provider configurations.
fn account_of_buckets(providers: &str, second: &str) -> Vec<String> {
    let config = format!(
        "{providers}\nresource \"aws_s3_bucket\" \"a\" {{\n bucket = \"a\"\n}}\nresource \"aws_s3_bucket\" \"b\" {{\n bucket = \"b\"\n {second}\n}}\n\
         resource \"aws_s3_bucket_logging\" \"l\" {{\n bucket = aws_s3_bucket.a.id\n target_bucket = aws_s3_bucket.b.id\n}}"
    );
    let condition =
        "!alltrue([for it in referenced(self.bucket, \"aws_s3_bucket\") : in_same_account(it, self.target_bucket)])";
    verdicts("aws_s3_bucket_logging", condition, &config)
}

#[test]
fn accounts_are_told_apart_by_what_provider_configurations_say() {
    let alias = |body: &str| format!("provider \"aws\" {{}}\nprovider \"aws\" {{\n alias = \"b\"\n {body}\n}}");
    let both = |first: &str, second: &str| {
        format!("provider \"aws\" {{\n {first}\n}}\nprovider \"aws\" {{\n alias = \"b\"\n {second}\n}}")
    };
    let role = |account: &str| format!("assume_role {{\n role_arn = \"arn:aws:iam::{account}:role/x\"\n}}");
    let same: &[&str] = &["fail aws_s3_bucket_logging.l"];
    let different: &[&str] = &[];
    let open: &[&str] = &["undetermined aws_s3_bucket_logging.l"];
    let cases = [
        (String::new(), "", same),
        (alias("region = \"eu-west-1\""), "provider = aws.b", same),
        (alias(&role("111122223333")), "provider = aws.b", open),
        (both(&role("111122223333"), &role("444455556666")), "provider = aws.b", different),
        (both(&role("111122223333"), &role("111122223333")), "provider = aws.b", same),
        (both("allowed_account_ids = [\"111122223333\"]", &role("444455556666")), "provider = aws.b", different),
        (both("profile = \"a\"", "profile = \"b\""), "provider = aws.b", open),
        (both("profile = \"a\"", "profile = \"a\""), "provider = aws.b", same),
    ];
    for (providers, second, expected) in cases {
        assert_eq!(account_of_buckets(&providers, second), expected, "{providers}");
    }
}

#[test]
fn names_and_projects_tell_accounts() {
    let sink = |project: &str, destination: &str| {
        let config = format!(
            "variable \"p\" {{}}\nresource \"google_project\" \"a\" {{\n project_id = \"a\"\n}}\nresource \"google_project\" \"n\" {{}}\nresource \"google_project\" \"m\" {{}}\n\
             resource \"google_storage_bucket\" \"n\" {{\n name = \"n\"\n project = google_project.n.project_id\n}}\n\
             resource \"google_logging_project_sink\" \"s\" {{\n project = {project}\n destination = {destination}\n}}\n"
        );
        let found = verdicts("google_logging_project_sink", "!in_same_account(self, self.destination)", &config);
        found.first().map_or("different".to_owned(), |line| line.split(' ').next().unwrap().to_owned())
    };
    let cases = [
        ("\"a\"", "\"pubsub.googleapis.com/projects/a/topics/t\"", "fail"),
        ("\"a\"", "\"pubsub.googleapis.com/projects/b/topics/t\"", "different"),
        ("var.p", "\"pubsub.googleapis.com/projects/b/topics/t\"", "undetermined"),
        ("\"a\"", "\"storage.googleapis.com/elsewhere\"", "undetermined"),
        ("google_project.n.project_id", "\"storage.googleapis.com/${google_storage_bucket.n.id}\"", "fail"),
        ("google_project.m.project_id", "\"storage.googleapis.com/${google_storage_bucket.n.id}\"", "different"),
        ("\"a\"", "\"storage.googleapis.com/${google_storage_bucket.n.id}\"", "undetermined"),
    ];
    for (project, destination, expected) in cases {
        assert_eq!(sink(project, destination), expected, "{project} {destination}");
    }
}

#[test]
fn diagnostic_logs_are_gathered_from_all_settings() {
    let config = |settings: &str| {
        format!(
            "variable \"v\" {{}}\nvariable \"n\" {{}}\nresource \"azurerm_key_vault\" \"a\" {{\n name = \"a\"\n}}\n{settings}\n"
        )
    };
    let setting = |head: &str, body: &str| {
        format!(
            "resource \"azurerm_monitor_diagnostic_setting\" \"d{}\" {{\n {head}\n target_resource_id = azurerm_key_vault.a.id\n {body}\n}}\n",
            head.len()
        )
    };
    let audit = "enabled_log {\n category = \"AuditEvent\"\n}";
    let cases = [
        (String::new(), "fail"),
        (setting("", audit), ""),
        (setting("", "log {\n category = \"AuditEvent\"\n}"), ""),
        (setting("", "log {\n category = \"AuditEvent\"\n enabled = false\n}"), "fail"),
        (setting("", "log {\n category = \"AuditEvent\"\n enabled = var.v\n}"), "undetermined"),
        (setting("", "enabled_log {\n category_group = \"AuditEvent\"\n}"), ""),
        (setting("", "enabled_log {\n category = var.v\n}"), "undetermined"),
        (setting("count = var.n", audit), "undetermined"),
        (setting("count = 2", audit), ""),
        (
            setting(
                "",
                "dynamic \"enabled_log\" {\n for_each = var.v\n content {\n category = enabled_log.value\n}\n}",
            ),
            "undetermined",
        ),
        (setting("", "enabled_log {\n category = \"Other\"\n}") + &setting("count = 1", audit), ""),
    ];
    for (settings, expected) in cases {
        let found =
            verdicts("azurerm_key_vault", "contains(diagnostic_logs(self), \"AuditEvent\")", &config(&settings));
        let found = found.first().map_or("", |line| line.split(' ').next().unwrap());
        assert_eq!(found, expected, "{settings}");
    }
}

#[test]
fn texts_with_holes_match_by_their_ends() {
    let cases = [
        ("\"arn:${var.p}:iam::aws:policy/AdministratorAccess\"", "*:aws:policy/AdministratorAccess", ""),
        ("\"arn:${var.p}:iam::aws:policy/ReadOnlyAccess\"", "*:aws:policy/AdministratorAccess", "fail"),
        ("\"arn:${var.p}\"", "*:aws:policy/AdministratorAccess", "undetermined"),
        ("\"arn:${var.p}:x\"", "arn:*:x", ""),
        ("\"arn:${var.p}:x\"", "arn:*:*:x", "undetermined"),
        ("\"arn:${var.p}:x\"", "urn:*", "fail"),
        ("\"arn:${var.p}:x\"", "arn:aws:x", "undetermined"),
        ("\"arn:${var.p}:x\"", "arn:aws:y", "fail"),
        ("\"arn:${var.p}:x\"", "*", ""),
        ("var.p", "a*", "undetermined"),
        ("null", "*", "fail"),
    ];
    for (text, pattern, expected) in cases {
        let config = format!("variable \"p\" {{}}\nresource \"aws_s3_bucket\" \"a\" {{\n bucket = {text}\n}}\n");
        let found = verdicts("aws_s3_bucket", &format!("matches_any(self.bucket, [\"{pattern}\"])"), &config);
        let found = found.first().map_or("", |line| line.split(' ').next().unwrap());
        assert_eq!(found, expected, "{text} {pattern}");
    }
}
