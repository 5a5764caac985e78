//! User data and what it comes to.

/// One case.
pub(super) struct Case {
    pub(super) expected: &'static str,
    pub(super) text: &'static str,
}

const fn case(expected: &'static str, text: &'static str) -> Case {
    Case { expected, text }
}

pub(super) const CASES: &[Case] = &[
    // Nothing about time.
    case("default", ""),
    case("default", "#!/bin/bash\nyum install -y nginx\nsystemctl enable --now nginx\n"),
    case("default", "#cloud-config\npackage_update: true\ntimezone: UTC\n"),
    case("default", "#!/bin/bash\n$SUDO apt-get update\n${TOOL} run\n"),
    case("default", "just some text"),
    // cloud-init
    case("explicit: distribution-pool", "#cloud-config\nntp: {}\n"),
    case("explicit: distribution-pool", "#cloud-config\nntp:\n  enabled: true\n"),
    case("explicit: distribution-pool", "#cloud-config\nntp:\n"),
    case("disabled", "#cloud-config\nntp:\n  enabled: false\n"),
    case(
        "explicit: a.example 10.0.0.1 p.example",
        "#cloud-config\nntp:\n  ntp_client: chrony\n  servers: [a.example, 10.0.0.1]\n  pools: [p.example]\n",
    ),
    case(
        "explicit: 10.0.0.1",
        "#cloud-config\nntp:\n  config:\n    confpath: /etc/chrony.conf\n    template: |\n      ## template:jinja\n      server 10.0.0.1 iburst\n      driftfile /x\n",
    ),
    case(
        "explicit: 10.0.0.2",
        "#cloud-config\nwrite_files:\n- path: /etc/chrony.conf\n  content: |\n    # server old.example\n    server 10.0.0.2 iburst\n",
    ),
    case(
        "explicit: 10.0.0.2",
        "#cloud-config\nwrite_files:\n- path: /etc/ntp.conf\n  encoding: b64\n  content: c2VydmVyIDEwLjAuMC4yCg==\n",
    ),
    case(
        "explicit: 10.0.0.4",
        "#cloud-config\nwrite_files:\n- {path: /etc/chrony.conf, content: 'server 10.0.0.3'}\n- {path: /etc/chrony.conf, content: 'server 10.0.0.4'}\n",
    ),
    case(
        "explicit: 10.0.0.3 10.0.0.4",
        "#cloud-config\nwrite_files:\n- {path: /etc/chrony.conf, content: 'server 10.0.0.3'}\n- {path: /etc/chrony.conf, append: true, content: 'server 10.0.0.4'}\n",
    ),
    case(
        "undetermined: ...",
        "#cloud-config\nwrite_files:\n- {path: /etc/chrony.conf, source: {uri: 'https://x.example/c'}}\n",
    ),
    case("disabled", "#cloud-config\nruncmd:\n- [systemctl, disable, --now, chronyd]\n"),
    case("default", "#cloud-config\npackages: [chrony]\nruncmd:\n- systemctl stop systemd-timesyncd\n"),
    case("undetermined", "#cloud-config\n: : :\n- x\n"),
    case(
        "explicit: 10.0.0.1",
        "#cloud-config-archive\n- type: text/cloud-config\n  content: |\n    #cloud-config\n    ntp: {servers: [10.0.0.1]}\n",
    ),
    case("undetermined", "#include\nhttps://x.example/user-data\n"),
    case("explicit: 10.0.0.1", "## template: jinja\n#cloud-config\nntp: {servers: [10.0.0.1]}\n"),
    // Files of clients
    case(
        "explicit: azure-host",
        "#!/bin/sh\ncat > /etc/chrony/chrony.conf <<EOF\nrefclock PHC /dev/ptp_hyperv poll 3 dpoll -2 offset 0\nmakestep 1.0 -1\nEOF\n",
    ),
    case(
        "explicit: ptp 169.254.169.123",
        "#!/bin/sh\ntee /etc/chrony.d/aws.conf >/dev/null <<'EOF'\nrefclock PHC /dev/ptp0\nserver 169.254.169.123 prefer iburst\nEOF\n",
    ),
    case("unsynchronised", "#!/bin/sh\ncat > /etc/chrony.conf <<EOF\ndriftfile /var/lib/chrony/drift\nEOF\n"),
    case("undetermined", "#!/bin/sh\nprintf 'sourcedir /run/chrony-dhcp\\n' > /etc/chrony.conf\n"),
    case("unsynchronised", "#!/bin/sh\necho 'server 127.127.1.0' > /etc/ntp.conf\n"),
    case(
        "explicit: f.example",
        "#!/bin/sh\nprintf '[Time]\\nNTP=\\nFallbackNTP=f.example\\n' > /etc/systemd/timesyncd.conf\n",
    ),
    case(
        "explicit: a b",
        "#!/bin/sh\nprintf '[Time]\\nNTP=a\\nNTP=b\\nFallbackNTP=f.example\\n' > /etc/systemd/timesyncd.conf\n",
    ),
    case("default", "#!/bin/sh\nprintf '[Time]\\nPollIntervalMaxSec=64\\n' > /etc/systemd/timesyncd.conf\n"),
    case("explicit: 10.0.0.1", "#!/bin/sh\necho 'servers 10.0.0.1' | sudo tee /etc/openntpd/ntpd.conf\n"),
    // The shell
    case(
        "explicit: 10.0.0.1 10.0.0.2",
        "#!/bin/bash\nN=10.0.0.1\necho \"server $N iburst\" > /etc/chrony.conf\necho \"server 10.0.0.2\" >> /etc/chrony.conf\n",
    ),
    case("explicit: ?", "#!/bin/bash\necho \"server $(hostname -d)\" > /etc/chrony.conf\n"),
    case("explicit: ntp.example", "#!/bin/bash\necho \"server ${NTP:-ntp.example}\" > /etc/chrony.conf\n"),
    case(
        "explicit: 10.0.0.9",
        "#!/bin/bash\nsed -i '/^pool/d' /etc/chrony.conf\nsed -i -e 's/^server .*/server 10.0.0.9 iburst/' /etc/chrony.conf\n",
    ),
    case("undetermined: ...", "#!/bin/bash\nsed -i \"s/pool.ntp.org/$X/\" /etc/ntp.conf\n"),
    case("default", "#!/bin/bash\nsed -i 's/^pool/#pool/' /etc/chrony.conf\nsed -i 's/^log/#log/' /etc/rsyslog.conf\n"),
    case("undetermined: ...", "#!/bin/bash\naws s3 cp s3://b/chrony.conf /etc/chrony.conf\n"),
    case("default", "#!/bin/bash\ncp /etc/chrony.conf /root/chrony.bak\ngrep server /etc/chrony.conf\n"),
    case("disabled", "#!/bin/bash\nsystemctl stop chronyd\nsystemctl disable chronyd\n"),
    case("default", "#!/bin/bash\nsystemctl stop ntpd\nntpdate x.example\nsystemctl start ntpd\n"),
    case("default", "#!/bin/bash\nsystemctl disable --now systemd-timesyncd\napt-get -y install chrony\n"),
    case("default", "#!/bin/bash\nyum -y erase 'ntp*'\nyum -y install chrony\nservice chronyd start\n"),
    case("disabled", "#!/bin/bash\nyum -y remove chrony\n"),
    case("disabled", "#!/bin/bash\napt-get install -y chrony && systemctl mask chrony.service\n"),
    case("disabled", "#!/bin/bash\ntimedatectl set-ntp false\n"),
    case("default", "#!/bin/bash\ntimedatectl set-ntp no\napt-get install -y ntp\n"),
    case("disabled", "#!/bin/bash\nsudo -u root chkconfig ntpd off\n"),
    case("disabled", "#!/bin/bash\nbash -c 'systemctl stop ntp'\n"),
    case("undetermined", "#!/bin/bash\nif [ -f /etc/x ]; then\n  systemctl disable ntpd\nfi\n"),
    case("undetermined", "#!/bin/bash\n[ -f /x ] && systemctl stop chronyd\n"),
    case(
        "explicit: b.example",
        "#!/bin/bash\nsystemctl disable --now systemd-timesyncd\necho 'server b.example' > /etc/chrony/chrony.conf\n",
    ),
    case("undetermined", "#!/usr/bin/env python3\nprint('x')\n"),
    case(
        "default",
        "#!/bin/bash\n# systemctl stop chronyd\necho 'systemctl stop chronyd'\ncat <<EOF > /tmp/x\nsystemctl stop chronyd\nEOF\n",
    ),
    // Windows
    case(
        "explicit: a.example b.example",
        "<powershell>\nw32tm /config /manualpeerlist:\"a.example,0x8 b.example,0x9\" /syncfromflags:MANUAL /update\nRestart-Service w32time\n</powershell>\n",
    ),
    case("explicit: domain-hierarchy", "<script>\nw32tm.exe /config /syncfromflags:DOMHIER /update\n</script>\n"),
    case("disabled", "<powershell>\nSet-Service -Name W32Time -StartupType Disabled\n</powershell>\n"),
    case("disabled", "<script>\nsc config w32time start= disabled\n</script>\n"),
    case("disabled", "<powershell>w32tm /unregister</powershell>"),
    case("default", "<powershell>\nStop-Service w32time\nw32tm /resync\nStart-Service w32time\n</powershell>"),
    case(
        "explicit: 10.0.0.1",
        "<powershell>\n$n = '10.0.0.1,0x8'\nSet-ItemProperty -Path 'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\W32Time\\Parameters' -Name NtpServer -Value $n\n</powershell>",
    ),
    case(
        "disabled",
        "<script>\nreg add \"HKLM\\SYSTEM\\CurrentControlSet\\Services\\W32Time\\Parameters\" /v Type /t REG_SZ /d NoSync /f\n</script>",
    ),
    case("default", "<powershell>\n# w32tm /config /syncfromflags:NO\nWrite-Host 'w32tm /unregister'\n</powershell>"),
    // Whole systems
    case(
        "explicit: 10.0.0.1",
        "{\"ignition\":{\"version\":\"3.3.0\"},\"storage\":{\"files\":[{\"path\":\"/etc/chrony.conf\",\"contents\":{\"source\":\"data:,server%2010.0.0.1%20iburst%0A\"}}]}}",
    ),
    case(
        "disabled",
        "{\"ignition\":{\"version\":\"3.3.0\"},\"systemd\":{\"units\":[{\"name\":\"systemd-timesyncd.service\",\"mask\":true}]}}",
    ),
    case(
        "explicit: 10.0.0.1",
        "variant: flatcar\nversion: 1.0.0\nstorage:\n  files:\n  - path: /etc/systemd/timesyncd.conf\n    contents:\n      inline: |\n        [Time]\n        NTP=10.0.0.1\n",
    ),
    case(
        "explicit: a.example b.example",
        "[settings.host]\nname = \"x\"\n[settings.ntp]\ntime-servers = [\"a.example\",\n  \"b.example\"]\n",
    ),
    case("explicit: t.example", "version: v1alpha1\nmachine:\n  time:\n    servers:\n    - t.example\n"),
    case("disabled", "version: v1alpha1\nmachine:\n  time:\n    disabled: true\n"),
    // What only looks like it
    case("undetermined", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
];
