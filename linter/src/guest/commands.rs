//! What single commands of Unix guests do to the clock.

use super::client::Client;
use super::clock::Slot;
use super::reading::Reading;
use super::scripts::{Call, shell};
use super::shell_words::unescaped;
use super::text::has_hole;
use super::{packages, sed};

/// Words as one shell command that means exactly them.
pub(super) fn quoted(words: &[String]) -> String {
    let quote = |word: &String| format!("'{}'", word.replace('\'', "'\\''"));
    words.iter().map(quote).collect::<Vec<_>>().join(" ")
}

/// Runs one command; gives what it writes to its output, if that is known.
pub(super) fn run(reading: &mut Reading, call: &Call<'_>) -> Option<String> {
    match call.program {
        "echo" => return Some(echo(call.args)),
        "printf" => return Some(printf(call.args)),
        "cat" if call.args.iter().all(|arg| arg == "-") => return call.input.map(str::to_owned),
        ":" | "true" | "truncate" => return Some(String::new()),
        "tee" => {
            tee(reading, call);
            return call.input.map(str::to_owned);
        }
        "bash" | "sh" | "dash" => inner_script(reading, call),
        "systemctl" => systemctl(reading, call),
        "service" | "rc-service" => service(reading, call, call.args.first(), call.args.get(1)),
        "chkconfig" | "update-rc.d" | "rc-update" | "sysv-rc-conf" => start_up(reading, call),
        "initctl" | "stop" | "start" | "restart" => upstart(reading, call),
        "timedatectl" => timedatectl(reading, call),
        "apt" | "apt-get" | "aptitude" | "yum" | "dnf" | "microdnf" | "tdnf" | "zypper" | "apk" | "rpm" | "dpkg" => {
            package_manager(reading, call);
        }
        "sed" | "gsed" => sed::run(reading, call),
        "chronyc" => chronyc(reading, call),
        "date" | "hwclock" => sets_clock(reading, call),
        "rm" => {
            for path in call.args.iter().filter(|path| Client::of_file(path).is_some()) {
                reading.clock.forget(&Slot::File(path.clone()));
            }
        }
        // These look at files, or change who may.
        "ls" | "grep" | "egrep" | "head" | "tail" | "test" | "[" | "[[" | "chmod" | "chown" | "restorecon"
        | "md5sum" | "diff" | "stat" | "touch" | "mkdir" | "cat" | "if" | "chcon" | "logger" => {}
        _ => other(reading, call),
    }
    None
}

/// Any other program that is given a client's file may write it.
fn other(reading: &mut Reading, call: &Call<'_>) {
    let backs_up = matches!(call.program, "cp" | "mv")
        && call.args.last().is_some_and(|target| Client::of_file(target).is_none() && !has_hole(target));
    if let Some(path) = call.args.iter().find(|arg| Client::of_file(arg).is_some())
        && !backs_up
    {
        reading.doubt_sources(format!("{} writes {path} in a way that is not known", call.evidence));
    }
}

fn echo(args: &[String]) -> String {
    let options = args.iter().take_while(|arg| matches!(arg.as_str(), "-e" | "-n" | "-en" | "-ne" | "-E")).count();
    let mut text = unescaped(&args.get(options..).unwrap_or_default().join(" "));
    text.push('\n');
    text
}

/// The format with each `%s` replaced, once more for as long as there are arguments.
fn printf(args: &[String]) -> String {
    let Some((format, mut values)) = args.split_first() else { return String::new() };
    let format = unescaped(format);
    let mut text = String::new();
    loop {
        let mut rest = format.as_str();
        let before = values.len();
        while let Some((start, end)) = rest.split_once('%') {
            text.push_str(start);
            rest = end.get(1..).unwrap_or_default();
            match end.chars().next() {
                Some('%') => text.push('%'),
                Some('s' | 'b' | 'd') => {
                    if let Some((value, others)) = values.split_first() {
                        text.push_str(value);
                        values = others;
                    }
                }
                _ => {}
            }
        }
        text.push_str(rest);
        if values.is_empty() || values.len() == before || text.len() > super::text::MAX_BYTES {
            return text;
        }
    }
}

fn tee(reading: &mut Reading, call: &Call<'_>) {
    let appends = call.args.iter().any(|arg| arg == "-a" || arg == "--append");
    for path in call.args.iter().filter(|arg| Client::of_file(arg).is_some()) {
        match call.input {
            Some(text) => reading.write_file(path, text, appends),
            None => reading.doubt_sources(format!("{} writes {path} in a way that is not known", call.evidence)),
        }
    }
}

fn inner_script(reading: &mut Reading, call: &Call<'_>) {
    let flag = call.args.iter().position(|arg| arg.starts_with('-') && arg.ends_with('c') && arg.len() <= 4);
    match flag.and_then(|idx| call.args.get(idx + 1)) {
        Some(text) => shell(reading, text),
        None => {
            if let (Some(text), true) = (call.input, call.args.iter().all(|arg| arg.starts_with('-'))) {
                shell(reading, text);
            }
        }
    }
}

fn switch(reading: &mut Reading, call: &Call<'_>, service: &str, is_on: bool) {
    if let Some(client) = Client::of_service(service) {
        let evidence = reading.evidence(call.evidence);
        reading.clock.switch(Some(client), is_on, call.is_certain, evidence);
    }
}

/// Whether a verb switches on or off; `None` for others.
fn verb(word: &str) -> Option<bool> {
    match word {
        "start" | "restart" | "enable" | "reenable" | "reload-or-restart" | "try-restart" | "force-reload" | "on"
        | "defaults" | "add" => Some(true),
        "stop" | "disable" | "mask" | "off" | "remove" | "del" | "delete" | "kill" => Some(false),
        _ => None,
    }
}

fn systemctl(reading: &mut Reading, call: &Call<'_>) {
    let mut words = call.args.iter().filter(|arg| !arg.starts_with('-'));
    let Some(is_on) = words.next().and_then(|word| verb(word)) else { return };
    words.for_each(|unit| switch(reading, call, unit, is_on));
}

fn service(reading: &mut Reading, call: &Call<'_>, name: Option<&String>, action: Option<&String>) {
    if let (Some(name), Some(is_on)) = (name, action.and_then(|word| verb(word))) {
        switch(reading, call, name, is_on);
    }
}

/// `chkconfig ntpd off`, `update-rc.d ntp disable`, `rc-update del chronyd default`.
fn start_up(reading: &mut Reading, call: &Call<'_>) {
    let words: Vec<&String> = call.args.iter().filter(|arg| !arg.starts_with('-')).collect();
    let is_named = |word: &&&String| Client::of_service(word).is_some();
    let Some(name) = words.iter().find(is_named) else { return };
    if let Some(is_on) = words.iter().filter(|word| word != &name).find_map(|word| verb(word)) {
        switch(reading, call, name, is_on);
    }
}

fn upstart(reading: &mut Reading, call: &Call<'_>) {
    match call.program {
        "initctl" => service(reading, call, call.args.get(1), call.args.first()),
        program => {
            let action = program.to_owned();
            service(reading, call, call.args.first(), Some(&action));
        }
    }
}

fn timedatectl(reading: &mut Reading, call: &Call<'_>) {
    if call.args.iter().any(|word| word == "set-time") {
        let evidence = reading.evidence(call.evidence);
        reading.clock.set_by_hand(evidence);
    }
    let mut words = call.args.iter().skip_while(|word| *word != "set-ntp").skip(1);
    let is_on = match words.next().map(|word| word.to_ascii_lowercase()).as_deref() {
        Some("true" | "yes" | "1" | "on") => true,
        Some("false" | "no" | "0" | "off") => false,
        _ => return,
    };
    let evidence = reading.evidence(call.evidence);
    reading.clock.switch(None, is_on, call.is_certain, evidence);
}

/// `date -s`, `date 112207452026`, `hwclock --set`; the ways in which both only show the time, or copy it, are fine.
fn sets_clock(reading: &mut Reading, call: &Call<'_>) {
    let is_option = |word: &str| word == "--set" || word.starts_with("--set=");
    let is_short = |word: &str| word.starts_with("-s") || word == "-us";
    let mut sets = false;
    let mut is_value = false;
    for word in call.args {
        // MMDDhhmm, with a year and seconds if need be.
        let is_digits = word.len() >= 8 && word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        sets |= is_option(word) || call.program == "date" && !is_value && (is_short(word) || is_digits);
        is_value = matches!(word.as_str(), "-d" | "--date" | "-r" | "--reference" | "-f" | "--file");
    }
    if sets {
        let evidence = reading.evidence(call.evidence);
        reading.clock.set_by_hand(evidence);
    }
}

fn package_manager(reading: &mut Reading, call: &Call<'_>) {
    let is_option = |word: &&String| word.starts_with('-') && call.program != "rpm" && call.program != "dpkg";
    let mut words = call.args.iter().filter(|word| !is_option(word));
    let installs = loop {
        match words.next().map(String::as_str) {
            Some("install" | "reinstall" | "add" | "in" | "-i" | "-U" | "-Uvh" | "-ivh") => break true,
            Some("remove" | "purge" | "erase" | "autoremove" | "del" | "rm" | "-e" | "-r" | "-P") => break false,
            Some(_) => {}
            None => return,
        }
    };
    for name in words {
        match installs {
            true => packages::installed(reading, name, call.evidence, call.is_certain),
            false => packages::removed(reading, name, call.evidence, call.is_certain),
        }
    }
}

/// `chronyc add server 192.0.2.1`
fn chronyc(reading: &mut Reading, call: &Call<'_>) {
    let words: Vec<&str> = call.args.iter().flat_map(|arg| arg.split_whitespace()).collect();
    if words.contains(&"settime") {
        let evidence = reading.evidence(call.evidence);
        reading.clock.set_by_hand(evidence);
    }
    if let [.., "add", "server" | "pool" | "peer", name] | ["add", "server" | "pool" | "peer", name, ..] = *words {
        reading.write_file("/etc/chrony.conf", &format!("server {name}"), true);
    }
}
