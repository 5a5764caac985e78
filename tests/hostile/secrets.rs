//! Sensitive text in places where messages quote what is wrong.

use crate::run::{FORMATS, check, program, repository, shown};

const SECRET: &str = "hunter2-but-longer";

fn never_shows(files: &[(&str, String)]) {
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let dir = repository(&files);
    let runs = FORMATS.map(|format| (format, check(dir.path(), &["-f", format, "--exit-zero"])));
    let inspected = ["text", "json"].map(|format| (format, program(dir.path(), "inspect", &["-f", format])));
    for (format, run) in runs.into_iter().chain(inspected) {
        let all = run.all();
        assert!(
            !all.contains(SECRET),
            "-f {format}: {}",
            shown(all.get(all.find(SECRET).unwrap().saturating_sub(300)..).unwrap_or(&all))
        );
    }
}

#[test]
fn functions_that_refuse_a_sensitive_value_do_not_quote_it() {
    let mut main = String::from(
        "variable \"p\" {\n  sensitive = true\n}\nvariable \"q\" {\n  type = object({ a = number })\n  sensitive = true\n}\n",
    );
    for (idx, value) in [
        "tonumber(var.p)",
        "regex(\"[0-9]{50}\", var.p)",
        "{ a = 1 }[var.p]",
        "file(var.p)",
        "jsondecode(var.p)",
        "cidrsubnet(var.p, 1, 1)",
        "var.p + 1",
        "formatdate(var.p, \"2020-01-01T00:00:00Z\")",
        "timeadd(var.p, \"1h\")",
        "format(\"%d\", var.p)",
        "parseint(var.p, 10)",
        "base64decode(var.p)",
        "regexall(var.p, \"x\")",
        "templatefile(var.p, {})",
        "yamldecode(\"{${var.p}\")",
        "[1][var.p]",
        "var.p ? 1 : 2",
        "[for x in var.p : x]",
        "var.p.foo",
        "lookup({}, var.p)",
        "index([\"a\"], var.p)",
        "{ for x in [1, 2] : var.p => x }",
        "var.q.a",
        "one([var.p, var.p])",
        "zipmap([var.p], [])",
        "element([], var.p)",
        "toset([var.p])[0]",
        "nope(var.p)",
    ]
    .iter()
    .enumerate()
    {
        main += &format!("output \"o{idx}\" {{\n  value = {value}\n}}\n");
    }
    main += "resource \"aws_s3_bucket\" \"a\" {\n  for_each = toset([var.p])\n  bucket = var.p\n}\n\
        resource \"aws_s3_bucket\" \"c\" {\n  count = var.p\n}\nmodule \"m\" {\n  source = \"./m\"\n  x = var.p\n}\n";
    let module =
        "variable \"x\" {\n  type = number\n}\nresource \"aws_s3_bucket\" \"b\" {\n  bucket = var.x\n}\n".to_owned();
    let values = format!("p = \"[({SECRET}\"\nq = {{ a = \"{SECRET}\" }}\n");
    never_shows(&[("main.tf", main), ("m/main.tf", module), ("terraform.tfvars", values)]);
}

#[test]
fn sensitive_attributes_are_not_shown_though_written_in_plain() {
    let main = format!(
        "provider \"aws\" {{\n  secret_key = \"{SECRET}\"\n}}\n\
        resource \"aws_db_instance\" \"d\" {{\n  password            = \"{SECRET}\"\n  publicly_accessible = true\n  engine              = \"postgres\"\n}}\n\
        resource \"aws_security_group\" \"s\" {{\n  description = aws_db_instance.d.password\n  ingress {{\n    from_port = 22\n    to_port = 22\n    protocol = \"tcp\"\n    cidr_blocks = [\"0.0.0.0/0\"]\n    description = aws_db_instance.d.password\n  }}\n}}\n"
    );
    never_shows(&[("main.tf", main)]);
}

#[test]
fn variable_files_are_not_quoted_where_they_are_broken() {
    let main =
        "variable \"p\" {\n  sensitive = true\n}\nresource \"aws_s3_bucket\" \"b\" {\n  bucket = \"x\"\n}\n".to_owned();
    never_shows(&[
        ("main.tf", main),
        ("terraform.tfvars", format!("p = \"{SECRET}\" \"{SECRET}\"\nz = {SECRET}\n")),
        ("a.auto.tfvars", format!("p = \"{SECRET}\n")),
        ("b.auto.tfvars", format!("{SECRET} = \n{SECRET} {{\n}}\n")),
        ("c.auto.tfvars.json", format!("{{\"p\": \"{SECRET}\" \"{SECRET}\"}}")),
        ("d.auto.tfvars", format!("p = {SECRET}(\"{SECRET}\")\nq = [{SECRET}.{SECRET}]\n")),
        ("f.auto.tfvars", format!("p = <<{SECRET}\nabc\n")),
        ("e.auto.tfvars.json", format!("{{\"p\": \"${{{SECRET}\"}}")),
    ]);
}

#[test]
fn broken_configuration_is_quoted_without_what_its_names_call_secret() {
    let mut files = Vec::new();
    for (idx, text) in [
        "resource \"foo_bar\" \"a\" {\n  password = \"SECRET\" oops\n}\n",
        "locals {\n  api_token = \"SECRET\n  x = 1\n}\n",
        "locals {\n  db_password = 'SECRET'\n}\n",
        "locals {\n  db_password = SECRET oops\n}\n",
        "locals {\n  db_password = \"a\"SECRET\"b\"\n}\n",
        "locals {\n  db_password = \"SECRET${\"\n}\n",
        "locals {\n  private_key = <<E\nSECRET\n",
        "locals {\n  secrets = {\n    a = \"SECRET\" b = 1\n  }\n}\n",
        "variable \"db_password\" {\n  default = \"SECRET\" oops\n}\n",
        "variable \"db_password\" {\n  type = number\n  default = \"SECRET\"\n}\noutput \"o\" {\n  value = var.db_password\n}\n",
        "output \"o\" {\n  value = sensitive(\"SECRET\", \"SECRET\")\n}\n",
        "output \"o\" {\n  value = sensitive(tonumber(\"SECRET\"))\n}\n",
        "locals {\n  password = tonumber(\"SECRET\")\n}\noutput \"o\" {\n  value = local.password\n}\n",
        "resource \"foo_bar\" \"a\" {\n  env {\n    name  = \"DB_PASSWORD\"\n    value = \"SECRET\" oops\n  }\n}\n",
    ]
    .iter()
    .enumerate()
    {
        files.push((format!("r{idx}/main.tf"), text.replace("SECRET", SECRET)));
    }
    files.push(("json/main.tf.json".to_owned(), format!("{{\"locals\": {{\"password\": \"{SECRET}\" \"x\": 1}}}}")));
    let files: Vec<(&str, String)> = files.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
    never_shows(&files);
}

#[test]
fn values_that_do_not_fit_their_variables_are_not_quoted_if_their_names_are_secret() {
    let main = "variable \"api_token\" {\n  type = number\n}\noutput \"o\" {\n  value = var.api_token\n}\n";
    never_shows(&[("main.tf", main.to_owned()), ("terraform.tfvars", format!("api_token = \"{SECRET}\"\n"))]);
    let dir = repository(&[("main.tf", main)]);
    let run = check(dir.path(), &["--var", &format!("api_token=\"{SECRET}")]);
    assert!(!run.all().contains(SECRET), "{}", shown(&run.all()));
}
