//! What user data says about time.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::io::Write as _;
use std::path::Path;

use base64::Engine as _;

use super::{SourceName, Status, TimeFinding, time_finding};
use crate::source::{Boundary, Memory, SourceMap};
use crate::terraform::{Instance, InstanceKey, Options, load_directory};
use crate::value::{Fields, Object, Value};

mod cases;
mod hostile;

/// The finding on a machine with this attribute.
fn with_attribute(resource_type: &str, name: &str, value: Value) -> TimeFinding {
    let fields: Fields = [(name.into(), value)].into();
    let object = Object { fields, identity: Some("x.y".into()) };
    time_finding(&Instance {
        address: "x.y".into(),
        module: "".into(),
        mode: crate::terraform::Mode::Managed,
        resource_type: resource_type.into(),
        name: "y".into(),
        key: InstanceKey::None,
        values: crate::value::Kind::Object(object.into()).into(),
        span: None,
        calls: Vec::new(),
        provider: crate::terraform::ProviderRef { source: "".into(), name: "".into(), config: None, major: None },
        extent: crate::terraform::Extent::Certain,
        lifecycle: crate::terraform::Lifecycle::default(),
        depends_on: Vec::new(),
        provisioners: Vec::new(),
        change: None,
    })
}

fn user_data(text: &str) -> TimeFinding {
    with_attribute("aws_instance", "user_data", Value::string(text))
}

/// In one line: the status, the sources, what switches the clock off.
fn told(finding: &TimeFinding) -> String {
    let name = |name: &SourceName| match name {
        SourceName::Known(name) => name.to_string(),
        SourceName::Unknown(_) => "?".to_owned(),
    };
    let mut names: Vec<String> = finding.sources.iter().map(|source| name(&source.name)).collect();
    if !finding.open.is_empty() {
        names.push("...".to_owned());
    }
    let mut told = finding.status.as_str().to_owned();
    if finding.status != Status::Disabled && !names.is_empty() {
        told.push_str(": ");
        told.push_str(&names.join(" "));
    }
    told
}

/// The finding on the first instance of a configuration.
fn configured(text: &str) -> TimeFinding {
    let mut system = Memory::new();
    system.add("/w/main.tf", text.as_bytes());
    let boundary = Boundary::at(&system, Path::new("/w"));
    let loaded = load_directory(&system, &SourceMap::default(), &boundary, Path::new("/w"), &Options::default());
    assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
    time_finding(loaded.root.instances.last().unwrap())
}

fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn base64_and_gzip_are_taken_off() {
    let text = "#cloud-config\nntp:\n  servers: [192.0.2.1]\n";
    for wrapped in [text.to_owned(), base64(text.as_bytes()), base64(&gzip(text.as_bytes()))] {
        assert_eq!(told(&user_data(&wrapped)), "explicit: 192.0.2.1", "{wrapped}");
    }
    let archive = format!(
        "Content-Type: multipart/mixed; boundary=\"B\"\nMIME-Version: 1.0\n\n--B\nContent-Type: text/x-shellscript\n\n\
         #!/bin/sh\nsystemctl stop chronyd\n--B\nContent-Type: text/cloud-config; charset=\"us-ascii\"\n\
         Content-Transfer-Encoding: base64\n\n{}\n--B--\n",
        base64(b"#cloud-config\nruncmd: [systemctl start chronyd]\nntp: {pools: [p.example]}\n")
    );
    assert_eq!(told(&user_data(&archive)), "explicit: p.example");
}

#[test]
fn each_file_of_cases_comes_out_as_written() {
    let mut wrong = String::new();
    for case in cases::CASES {
        let told = told(&user_data(case.text));
        if told != case.expected {
            wrong.push_str(&format!("--- {told}, not {}\n{}\n", case.expected, case.text));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn holes_leave_the_lines_around_them_known() {
    let cases = [
        ("ntp:\n  servers: [\"${var.x}\", 192.0.2.1]", "explicit: ? 192.0.2.1"),
        ("ntp:\n  servers: ${jsonencode([var.x])}", "explicit: ?"),
        ("hostname: ${var.x}", "default"),
        ("ntp:\n  enabled: ${var.x}\n  servers: [a.example]", "explicit: a.example"),
        ("runcmd:\n  - [echo, \"${var.x}\"]\n  - systemctl disable --now chronyd", "disabled"),
        ("runcmd:\n  - ${var.x}", "undetermined"),
        ("${var.x}", "undetermined"),
        ("${var.x}\nntp:\n  servers: [a.example]\n${var.x}", "explicit: a.example"),
    ];
    for (body, expected) in cases {
        let text = format!(
            "variable \"x\" {{ type = string }}\nresource \"aws_instance\" \"a\" {{\n  user_data = <<-EOF\n#cloud-config\n{body}\nEOF\n}}\n"
        );
        assert_eq!(told(&configured(&text)), expected, "{body}");
    }
}

#[test]
fn documents_that_functions_encode_are_read_with_their_holes() {
    let document = "{ hostname = var.x, ntp = { servers = [var.x, \"192.0.2.1\"] } }";
    let yaml = format!("\"#cloud-config\\n${{yamlencode({document})}}\"");
    let json = format!("\"#cloud-config\\n${{jsonencode({document})}}\"");
    let file = "write_files = [{ path = \"/etc/chrony.conf\", content = \"server 192.0.2.1\\n# ${var.x}\\n\" }]";
    for (data, expected) in [
        (yaml.clone(), "explicit: ? 192.0.2.1"),
        (json, "explicit: ? 192.0.2.1"),
        (format!("base64encode({yaml})"), "explicit: ? 192.0.2.1"),
        (format!("base64gzip({yaml})"), "explicit: ? 192.0.2.1"),
        (format!("\"#cloud-config\\n${{yamlencode({{ {file} }})}}\""), "explicit: 192.0.2.1"),
        ("\"#cloud-config\\n${yamlencode({ a = yamlencode({ b = var.x }) })}\"".to_owned(), "default"),
    ] {
        let text = format!(
            "variable \"x\" {{ type = string }}\nresource \"aws_instance\" \"a\" {{\n  user_data_base64 = {data}\n}}\n"
        );
        assert_eq!(told(&configured(&text)), expected, "{data}");
    }
}

#[test]
fn all_that_is_not_known_is_said_to_be() {
    let finding =
        configured("variable \"x\" { type = string }\nresource \"aws_instance\" \"a\" {\n user_data = var.x\n}\n");
    assert_eq!(told(&finding), "undetermined");
    assert!(finding.is_opaque);
    assert_eq!(finding.reasons.first().unwrap().to_string(), "var.x has no value");
    let text = "variable \"on\" { type = bool }\nresource \"aws_instance\" \"a\" {\n user_data = var.on ? \"#!/bin/sh\\ntouch /a\" : null\n}\n";
    assert_eq!(told(&configured(text)), "default");
}

#[test]
fn every_cloud_has_its_attributes() {
    let script = "#!/bin/sh\necho 'server 192.0.2.1' > /etc/chrony.conf\n";
    let encoded = base64(script.as_bytes());
    let map = |key: &str| Value::object([(key.into(), Value::string(script))].into());
    for (kind, name, value) in [
        ("aws_instance", "user_data", Value::string(script)),
        ("aws_instance", "user_data_base64", Value::string(&encoded)),
        ("aws_launch_template", "user_data", Value::string(&encoded)),
        ("azurerm_linux_virtual_machine", "custom_data", Value::string(&encoded)),
        ("azurerm_linux_virtual_machine_scale_set", "user_data", Value::string(&encoded)),
        ("google_compute_instance", "metadata_startup_script", Value::string(script)),
        ("google_compute_instance_template", "metadata", map("startup-script")),
        ("google_compute_instance", "metadata", map("user-data")),
        ("vsphere_virtual_machine", "extra_config", map("guestinfo.userdata")),
    ] {
        assert_eq!(told(&with_attribute(kind, name, value)), "explicit: 192.0.2.1", "{kind} {name}");
    }
    let settings =
        Value::string("{\"commandToExecute\": \"powershell -Command \\\"w32tm /config /syncfromflags:NO\\\"\"}");
    assert_eq!(told(&with_attribute("azurerm_virtual_machine_extension", "settings", settings)), "disabled");
}

#[test]
fn provisioners_are_read() {
    let text = |body: &str| format!("resource \"aws_instance\" \"a\" {{\n{body}\n}}\n");
    let inline = "provisioner \"remote-exec\" {\n inline = [\"sudo systemctl mask systemd-timesyncd\"]\n}";
    assert_eq!(told(&configured(&text(inline))), "disabled");
    let file = "provisioner \"file\" {\n content = \"[Time]\\nNTP=192.0.2.1 b.example\\n\"\n destination = \"/etc/systemd/timesyncd.conf\"\n}";
    assert_eq!(told(&configured(&text(file))), "explicit: 192.0.2.1 b.example");
}

#[test]
fn commands_that_set_the_clock_are_told() {
    let cases = [
        ("#!/bin/sh\ndate -s '2026-01-01 00:00:00'\n", 1),
        ("#!/bin/sh\nsudo date --set=\"$(curl -sI x.example | grep ^Date)\"\n", 1),
        ("#!/bin/sh\ndate -us 12:00\ntimedatectl set-time 12:00\nhwclock --set --date 12:00\n", 3),
        ("#!/bin/sh\ndate 010100002026\nchronyc settime 12:00\n", 2),
        ("#!/bin/sh\ndate +%s > /a\ndate -d 20260101 +%F\ndate -u\nhwclock --systohc\ntimedatectl set-ntp true\n", 0),
        ("#cloud-config\nruncmd:\n- [date, --set, '12:00']\n", 1),
        ("<powershell>\nSet-Date -Date '2026-01-01'\nGet-Date\n</powershell>\n", 1),
    ];
    for (text, expected) in cases {
        assert_eq!(user_data(text).set_by_hand.len(), expected, "{text}");
    }
}

#[test]
fn keys_and_nts_authenticate_a_source() {
    let text = "#!/bin/sh\nprintf 'server a iburst nts\\nserver b key 3\\nserver c iburst\\n' > /etc/chrony.conf\n\
                printf '[Time]\\nNTP=d\\n' > /etc/systemd/timesyncd.conf\n";
    let authenticated: Vec<bool> = user_data(text).sources.iter().map(|source| source.is_authenticated).collect();
    assert_eq!(authenticated, [true, true, false, false]);
}
