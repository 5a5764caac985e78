//! Input that was made to do harm: it is bounded and said, and nothing panics.

use super::{base64, gzip, told, user_data};

#[test]
fn a_yaml_bomb_is_not_gone_through() {
    let mut text = "#cloud-config\na: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for level in 1..12 {
        let items = vec![format!("*a{}", level - 1); 10].join(",");
        text.push_str(&format!("b{level}: &a{level} [{items}]\n"));
    }
    text.push_str("runcmd: *a11\n");
    assert_eq!(told(&user_data(&text)), "undetermined");
}

#[test]
fn a_gzip_bomb_is_not_inflated() {
    let bomb = gzip(&vec![b'#'; 16 << 20]);
    assert_eq!(told(&user_data(&base64(&bomb))), "undetermined");
    let inner = base64(&gzip(base64(&gzip(base64(&gzip(b"#!/bin/sh\nsystemctl stop ntp\n")).as_bytes())).as_bytes()));
    assert_eq!(told(&user_data(&inner)), "default");
}

#[test]
fn long_scripts_are_read_to_the_end() {
    let mut text = "#!/bin/bash\n".to_owned();
    while text.len() < 1 << 20 {
        text.push_str("echo server 10.0.0.1 | tee -a /tmp/x\n");
    }
    text.push_str("systemctl stop chronyd\n");
    assert_eq!(told(&user_data(&text)), "disabled");
    let line = format!("#!/bin/bash\n{}\nsystemctl stop chronyd\n", "a".repeat(10 << 20));
    assert_eq!(told(&user_data(&line)), "disabled");
}

#[test]
fn more_commands_than_are_read_leave_it_open() {
    let text = format!("#!/bin/sh\n{}", "a;".repeat(150_000));
    assert_eq!(told(&user_data(&text)), "undetermined");
}

#[test]
fn nesting_and_broken_text_do_no_harm() {
    let nested = |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    let many = |text: &str| text.repeat(50_000);
    for text in [
        format!("#cloud-config\nntp: {}", nested("[", "]")),
        format!("{{\"ignition\": {}", nested("[", "]")),
        format!("#!/bin/sh\necho {}", nested("$(", ")")),
        format!("#!/bin/sh\n{}", nested("(", ")")),
        format!("#!/bin/sh\n{}", many("cat <<A\n")),
        format!("#!/bin/sh\n{}", many("if true; then\n")),
        format!("#!/bin/sh\n{}", many("systemctl stop ntp\n")),
        format!("#!/bin/sh\nA=x\n{}", many("A=$A$A\n")),
        format!("#!/bin/sh\n{}", many("echo server $A >> /etc/chrony.conf\n")),
        format!("#!/bin/sh\nprintf '%s{}' {}", "%s".repeat(1_000), many("a ")),
        format!("#!/bin/sh\necho '{}", "\0".repeat(1_000)),
        format!("<powershell>{}", many("\"$a{`")),
        format!("<powershell>{}", "<powershell>".repeat(10_000)),
        format!("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n{}", many("--B\n")),
        format!("MIME-Version: 1.0\n{}", many("A: b\n ")),
        format!("[settings.ntp]\ntime-servers = [{}", many("\"\n")),
        "\0\u{feff}\u{f0000}\u{10fffd}#cloud-config\n".to_owned(),
        "#!".to_owned(),
        "#!/bin/sh\n\\".to_owned(),
        "#!/bin/sh\nsed -i 's/a' /etc/chrony.conf; sed -i é /etc/ntp.conf; w32tm".to_owned(),
        "variant: x\nstorage: {files: [{path: /etc/ntp.conf, contents: {source: 'data:;base64,%%%'}}]}".to_owned(),
    ] {
        assert!(!told(&user_data(&text)).is_empty());
    }
}
