//! Lines on standard error that Terraform shows under `TF_LOG`, each at its level.

use std::fmt;
use std::io::Write as _;
use std::time::{Duration, SystemTime};

use palisade::waivers::Date;
use serde_json::{Map, Value as Json};

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// For those who look for a mistake in the plugin.
    Trace,
    /// For those who look for a mistake in their configuration.
    Debug,
    /// What happens.
    Info,
    /// What may be wrong.
    Warn,
    /// What is wrong.
    Error,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Trace => "trace",
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        })
    }
}

/// Writes a line. No secret may be in it.
pub fn line(level: Level, message: &str, fields: &[(&str, &str)]) {
    let text = format(level, message, fields, SystemTime::now());
    // Whoever reads it may be gone: then there is nobody to tell.
    drop(writeln!(std::io::stderr().lock(), "{text}"));
}

fn format(level: Level, message: &str, fields: &[(&str, &str)], now: SystemTime) -> String {
    let mut object = Map::new();
    object.insert("@level".to_owned(), level.to_string().into());
    object.insert("@message".to_owned(), message.into());
    object.insert("@module".to_owned(), "palisade".into());
    object.insert("@timestamp".to_owned(), timestamp(now).into());
    for (name, value) in fields {
        object.insert((*name).to_owned(), (*value).into());
    }
    Json::Object(object).to_string()
}

/// The time with microseconds, in UTC.
fn timestamp(now: SystemTime) -> String {
    const DAY: u64 = 24 * 60 * 60;
    let since = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    let (seconds, rest) = (since.as_secs(), since.subsec_micros());
    let of_day = seconds % DAY;
    let (hours, minutes) = (of_day / 3600, of_day / 60 % 60);
    let date = Date::from_days_since_epoch(seconds / DAY);
    format!("{date}T{hours:02}:{minutes:02}:{:02}.{rest:06}Z", of_day % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_json_as_terraform_reads_it() {
        let at = SystemTime::UNIX_EPOCH + Duration::from_micros(1_795_341_907_000_042);
        assert_eq!(
            format(Level::Info, "judged \"x\"", &[("rules", "3")], at),
            r#"{"@level":"info","@message":"judged \"x\"","@module":"palisade","@timestamp":"2026-11-22T10:05:07.000042Z","rules":"3"}"#
        );
    }
}
