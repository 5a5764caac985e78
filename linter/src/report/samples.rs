//! Small reports for the tests of the formats.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::sync::Arc;

use super::{Format, Style, render};
use crate::diagnostic::{
    Diagnostic, Finding, KnownState, NotJudged, NotJudgedKind, Related, Report, RuleInfo, Severity, Summary, Verdict,
    WaiverNote,
};
use crate::source::{SourceMap, Span};

/// A report with its sources.
#[derive(Default)]
pub(super) struct Sample {
    pub(super) report: Report,
    pub(super) sources: SourceMap,
}

impl Sample {
    /// Adds a file.
    pub(super) fn file(&self, path: &str, text: &str) -> SampleFile {
        let id = self.sources.add(Path::new(path), Arc::from(text.as_bytes()));
        SampleFile { id, text: text.to_owned() }
    }

    /// Adds a finding at a place, or at none.
    pub(super) fn finding(&mut self, rule: &str, severity: Severity, address: &str, at: Option<Span>) -> &mut Finding {
        self.report.findings.push(Finding {
            rule: rule.into(),
            severity,
            verdict: Verdict::Fail,
            address: address.to_owned(),
            resource_type: address.split('.').next().unwrap_or_default().into(),
            environment: None,
            message: "It is wrong.".to_owned(),
            help: None,
            location: at.and_then(|span| self.sources.location(span)),
            span: at,
            related: Vec::new(),
            because: Vec::new(),
            fingerprint: format!("{:04x}", self.report.findings.len() + 0xa000),
            waiver: None,
            known: KnownState::New,
            root: "envs/prod".to_owned(),
        });
        self.report.findings.last_mut().unwrap()
    }

    /// A second place.
    pub(super) fn related(&self, message: &str, span: Span) -> Related {
        Related { message: message.to_owned(), location: self.sources.location(span).unwrap(), span: Some(span) }
    }

    /// Renders in a format.
    pub(super) fn render(&self, format: Format) -> String {
        self.styled(format, &Style { width: 80, ..Style::default() })
    }

    /// Renders in a format and a style.
    pub(super) fn styled(&self, format: Format, style: &Style) -> String {
        let mut out = Vec::new();
        render(&self.report, &self.sources, format, style, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }
}

/// A file of a sample.
pub(super) struct SampleFile {
    id: crate::source::FileId,
    text: String,
}

impl SampleFile {
    /// The first place where the text stands.
    pub(super) fn at(&self, needle: &str) -> Span {
        let start = self.text.find(needle).unwrap();
        Span::new(self.id, start as u32, (start + needle.len()) as u32)
    }
}

/// Two failing, one undetermined, one waived, one known finding; gaps and an error.
pub(super) fn everyday() -> Sample {
    let mut sample = Sample::default();
    let main = sample.file(
        "edge/main.tf",
        "resource \"aws_lb_listener\" \"http\" {\n  port     = 80\n  protocol = var.protocol # ünï\n}\n\nvariable \
         \"protocol\" {\n  default = \"HTTP\"\n}\n",
    );
    let db = sample.file(
        "db/main.tf",
        "resource \"aws_db_instance\" \"a\" {\n  password = \"hunter2\"\n  storage_encrypted = var.encrypted\n}\n",
    );
    let call = sample.file("envs/prod/main.tf", "module \"edge\" {\n\tsource = \"../../edge\"\n}\n");
    sample.report.sensitive_spans.push(db.at("\"hunter2\""));
    let related = vec![
        sample.related("the default is used", main.at("\"HTTP\"")),
        sample.related("the module is called here", call.at("module \"edge\"")),
    ];
    let finding =
        sample.finding("tls/db-at-rest", Severity::Critical, "aws_db_instance.a", Some(db.at("var.encrypted")));
    finding.verdict = Verdict::Undetermined;
    finding.message = "Whether storage is encrypted is not known.".to_owned();
    finding.because = vec!["var.encrypted".to_owned()];
    let finding = sample.finding(
        "tls/lb-listener-https",
        Severity::High,
        "module.edge[\"a\"].aws_lb_listener.http",
        Some(main.at("var.protocol")),
    );
    finding.message = "Listener on port 80 speaks HTTP.".to_owned();
    finding.help = Some("Set protocol = \"HTTPS\" with a certificate, or redirect to HTTPS.".to_owned());
    finding.environment = Some("prod".to_owned());
    finding.related = related;
    finding.because = vec!["var.protocol".to_owned()];
    let finding = sample.finding("log/flow-logs", Severity::Low, "aws_vpc.main", None);
    finding.message = "No flow log covers the network.".to_owned();
    let finding = sample.finding("net/no-open-admin-ports", Severity::High, "aws_security_group.jump", None);
    finding.waiver = Some(WaiverNote {
        name: "jump host".to_owned(),
        reason: "Audited until the tunnel is there".to_owned(),
        owner: "network team".to_owned(),
        expires: "2027-03-31".to_owned(),
        ticket: Some("NET-17".to_owned()),
    });
    sample.finding("bkp/retention", Severity::Medium, "aws_db_instance.a", None).known = KnownState::Known;
    surroundings(&mut sample);
    sample
}

fn surroundings(sample: &mut Sample) {
    let broken = sample.file("broken.tf", "resource \"x\" {\n  a = \n}\n");
    sample.report.summary = Summary {
        files: 4,
        unparsed: 1,
        roots: 1,
        resources: 9,
        rules: 35,
        fail: 2,
        undetermined: 1,
        waived: 1,
        known: 1,
        pass: 12,
    };
    let gap = |what, name: &str, reason: &str| NotJudged { what, name: name.to_owned(), reason: reason.to_owned() };
    sample.report.not_judged = vec![
        gap(NotJudgedKind::Module, "module.vpc", "not installed; run terraform init"),
        gap(NotJudgedKind::ResourceType, "aws_networkfirewall_rule_group", "its network effect is not modelled"),
    ];
    sample.report.errors = vec![
        Diagnostic::error(broken.at("= "), "An expression is missing after =").with_help("Write a value."),
        Diagnostic::file_error("secret.tf", "permission denied"),
    ];
    sample.report.notes = vec!["Environment prod was inferred from the path segment envs/prod.".to_owned()];
    sample.report.fail_on = Some(Severity::Medium);
    sample.report.rules.insert(
        "tls/lb-listener-https".into(),
        RuleInfo {
            id: "tls/lb-listener-https".to_owned(),
            domain: "tls".to_owned(),
            severity: Some(Severity::High),
            summary: "Load-balancer listener accepts traffic without TLS".to_owned(),
            document: "# Listener without TLS\n\nTraffic can be read on the way.\n".into(),
            aliases: vec!["CKV_AWS_2".to_owned()],
            standards: vec!["NIST SC-8".to_owned()],
            clauses: vec!["MA-11.7".to_owned()],
            ..RuleInfo::default()
        },
    );
}

/// Text that tries to steer the reader's screen, log, comment or parser.
pub(super) const HOSTILE: &str = "\u{1b}[2Ja\u{202e}b\n::error::x\r\n@admin <img src=x onerror=y> ]]> [l](javascript:z) `t` | #1 </details> \
     https://evil.example 100%, \"q\" \u{0}";

/// A finding made of hostile text throughout, and hostile surroundings.
pub(super) fn hostile() -> Sample {
    let mut sample = Sample::default();
    let file = sample.file("a,b:c\u{1b}[31m%0A.tf", "x = \"\u{202e}\u{1b}]0;title\u{7}\"\n```\n</details>\n");
    let at = file.at("x = ");
    let related = vec![sample.related(HOSTILE, file.at("```"))];
    let finding = sample.finding("tls/x", Severity::High, HOSTILE, Some(at));
    finding.message = HOSTILE.to_owned();
    finding.help = Some(HOSTILE.to_owned());
    finding.environment = Some(HOSTILE.to_owned());
    finding.root = HOSTILE.to_owned();
    finding.related = related;
    let mut undetermined = finding.clone();
    undetermined.verdict = Verdict::Undetermined;
    undetermined.because = vec![HOSTILE.to_owned()];
    let mut waived = finding.clone();
    let text = || HOSTILE.to_owned();
    waived.waiver =
        Some(WaiverNote { name: text(), reason: text(), owner: text(), expires: text(), ticket: Some(text()) });
    sample.report.findings.extend([undetermined, waived]);
    sample.report.not_judged.push(NotJudged { what: NotJudgedKind::Module, name: text(), reason: text() });
    sample.report.errors.push(Diagnostic::error(at, text()).with_help(text()));
    sample.report.errors.push(Diagnostic::file_error(text(), text()));
    sample.report.notes.push(text());
    sample.report.summary = Summary { fail: 1, undetermined: 1, waived: 1, unparsed: 1, ..Summary::default() };
    sample
}
