//! Moments as Terraform reads and prints them: RFC 3339, strictly.

use std::fmt;

/// A moment, and the offset from UTC that it was written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Timestamp {
    /// Seconds since 1970 in UTC.
    seconds: i64,
    /// Nanoseconds after that second.
    nanoseconds: u32,
    /// Seconds east of UTC.
    offset: i32,
}

/// Date and time of a [`Timestamp`] at its own offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    /// Year, zero and below for years before the first.
    pub(super) year: i64,
    /// Month from 1.
    pub(super) month: u32,
    /// Day from 1.
    pub(super) day: u32,
    /// Day of the week, 0 for Sunday.
    pub(super) weekday: usize,
    /// Hour from 0.
    pub(super) hour: u32,
    /// Minute.
    pub(super) minute: u32,
    /// Second.
    pub(super) second: u32,
}

const DAY: i64 = 86_400;

impl Timestamp {
    /// The moment that text says.
    ///
    /// # Errors
    /// When the text is no RFC 3339 timestamp; the message is Terraform's.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let invalid = |reason: String| format!("not a valid RFC3339 timestamp: {reason}");
        Parser { rest: text }.timestamp().map_err(invalid)
    }

    /// The moment that text says in one of the forms of YAML: months, days and times may lack leading zeros, and the time
    /// may follow a space instead of a `T` or be missing, and then it is in UTC.
    pub(super) fn parse_loosely(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        // Most words are told apart by this alone.
        if bytes.get(4) != Some(&b'-') {
            return None;
        }
        Parser { rest: text }.loose_timestamp()
    }

    /// The moment so many nanoseconds later.
    pub(super) fn plus(self, nanoseconds: i64) -> Self {
        let total = i64::from(self.nanoseconds) + nanoseconds.rem_euclid(1_000_000_000);
        let seconds = self.seconds + nanoseconds.div_euclid(1_000_000_000) + total / 1_000_000_000;
        Self { seconds, nanoseconds: (total % 1_000_000_000) as u32, offset: self.offset }
    }

    /// What comes first, compared as moments.
    pub(super) fn compare(self, other: Self) -> std::cmp::Ordering {
        (self.seconds, self.nanoseconds).cmp(&(other.seconds, other.nanoseconds))
    }

    /// Date and time at the offset.
    pub(super) fn clock(self) -> Clock {
        let local = self.seconds + i64::from(self.offset);
        let (days, second) = (local.div_euclid(DAY), local.rem_euclid(DAY) as u32);
        let (year, month, day) = civil_from_days(days);
        let weekday = (days + 4).rem_euclid(7) as usize;
        Clock { year, month, day, weekday, hour: second / 3600, minute: second / 60 % 60, second: second % 60 }
    }

    /// The offset as `+01:00`, with the given text between hours and minutes.
    pub(super) fn offset_text(self, separator: &str) -> String {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.unsigned_abs() / 60;
        format!("{sign}{:02}{separator}{:02}", minutes / 60, minutes % 60)
    }

    /// Whether it was written in UTC.
    pub(super) fn is_utc(self) -> bool {
        self.offset == 0
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 without fractions.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Clock { year, month, day, hour, minute, second, .. } = self.clock();
        let sign = if year < 0 { "-" } else { "" };
        write!(f, "{sign}{:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}", year.unsigned_abs())?;
        if self.is_utc() { f.write_str("Z") } else { f.write_str(&self.offset_text(":")) }
    }
}

/// Days since 1970 of a date in the Gregorian calendar, counted in years that begin in March.
fn days_from_civil(year: i64, month: u32, day: u32) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * i64::from((month + 9) % 12) + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Year, month and day of a number of days since 1970.
fn civil_from_days(days: i64) -> (i64, u32, u32) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * month_from_march + 2) / 5 + 1) as u32;
    let month = ((month_from_march + 2) % 12 + 1) as u32;
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

fn days_in_month(year: i64, month: u32) -> u32 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Reads a timestamp piece by piece. Where it fails, it says so as Terraform does, with what was left to read.
struct Parser<'t> {
    rest: &'t str,
}

impl<'t> Parser<'t> {
    fn timestamp(&mut self) -> Result<Timestamp, String> {
        let year = self.year()?;
        self.separator('-')?;
        let month = self.two_digits().filter(|month| (1..=12).contains(month)).ok_or_else(|| self.month_error())?;
        self.separator('-')?;
        let day = self.two_digits().ok_or_else(|| cannot_use(self.rest, "day of month"))?;
        if !self.eat('T') {
            return Err("missing required time introducer 'T'".to_owned());
        }
        let (hour, short_hour) = self.hour()?;
        self.separator(':')?;
        let minute = self.minute()?;
        self.separator(':')?;
        let second = self.second()?;
        let (nanoseconds, comma) = self.fraction();
        let (offset, offset_error) = self.offset()?;
        if !self.rest.is_empty() {
            return Err(cannot_use(self.rest, "timestamp segment"));
        }
        if day < 1 || day > days_in_month(year, month) {
            return Err("day out of range".to_owned());
        }
        // Terraform checks these only once everything else is right.
        if short_hour {
            return Err("hour must have exactly two digits".to_owned());
        }
        if comma {
            return Err(cannot_use(",", "timestamp segment"));
        }
        if let Some(error) = offset_error {
            return Err(error);
        }
        let time = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
        let seconds = days_from_civil(year, month, day) * DAY + time - i64::from(offset);
        Ok(Timestamp { seconds, nanoseconds, offset })
    }

    fn loose_timestamp(&mut self) -> Option<Timestamp> {
        let year = self.year().ok()?;
        self.separator('-').ok()?;
        let month = self.number().filter(|month| (1..=12).contains(month))?;
        self.separator('-').ok()?;
        let day = self.number().filter(|&day| (1..=days_in_month(year, month)).contains(&day))?;
        let midnight = days_from_civil(year, month, day) * DAY;
        if self.rest.is_empty() {
            return Some(Timestamp { seconds: midnight, nanoseconds: 0, offset: 0 });
        }
        let with_offset = self.eat('T') || self.eat('t');
        let trimmed = self.rest.trim_start_matches(' ');
        if !with_offset && trimmed.len() == self.rest.len() {
            return None;
        }
        self.rest = if with_offset { self.rest } else { trimmed };
        let hour = self.number().filter(|&hour| hour < 24)?;
        self.separator(':').ok()?;
        let minute = self.number().filter(|&minute| minute < 60)?;
        self.separator(':').ok()?;
        let second = self.number().filter(|&second| second < 60)?;
        let (nanoseconds, _) = self.fraction();
        let offset = if with_offset { self.offset().ok()?.0 } else { 0 };
        let seconds = i64::from(hour * 3600 + minute * 60 + second) + midnight - i64::from(offset);
        self.rest.is_empty().then_some(Timestamp { seconds, nanoseconds, offset })
    }

    /// A number of one or two digits.
    fn number(&mut self) -> Option<u32> {
        self.two_digits().or_else(|| self.one_digit())
    }

    fn year(&mut self) -> Result<i64, String> {
        let digits = self.rest.get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let year = digits.and_then(|digits| digits.parse().ok()).ok_or_else(|| cannot_use(self.rest, "year"))?;
        self.advance(4);
        Ok(year)
    }

    /// Terraform names what follows a month that is out of range, and the month where it is no number.
    fn month_error(&self) -> String {
        cannot_use(self.rest, "month")
    }

    fn hour(&mut self) -> Result<(u32, bool), String> {
        let before = self.rest;
        let (hour, short) = match self.two_digits() {
            Some(hour) => (Some(hour), false),
            None => (self.one_digit(), true),
        };
        match hour.filter(|&hour| hour < 24) {
            Some(hour) => Ok((hour, short)),
            None if self.rest.is_empty() && before.len() <= 2 => Err(end_before("hour")),
            None => Err("hour must be between 0 and 23 inclusive".to_owned()),
        }
    }

    fn minute(&mut self) -> Result<u32, String> {
        match self.two_digits().filter(|&minute| minute < 60) {
            Some(minute) => Ok(minute),
            None if self.rest.is_empty() => Err(end_before("minute")),
            None => Err("minute must have exactly two digits".to_owned()),
        }
    }

    fn second(&mut self) -> Result<u32, String> {
        let second = self.two_digits().filter(|&second| second < 60);
        second.ok_or_else(|| cannot_use(self.rest, "second"))
    }

    /// Nanoseconds, and whether a comma stood before them.
    fn fraction(&mut self) -> (u32, bool) {
        let Some(digits) = self.rest.strip_prefix(['.', ',']) else { return (0, false) };
        let count = digits.bytes().take_while(u8::is_ascii_digit).count();
        if count == 0 {
            return (0, false);
        }
        let comma = self.rest.starts_with(',');
        let nanoseconds = digits
            .bytes()
            .take(count)
            .chain(std::iter::repeat(b'0'))
            .take(9)
            .fold(0, |n, b| n * 10 + u32::from(b - b'0'));
        self.advance(1 + count);
        (nanoseconds, comma)
    }

    /// Seconds, and what is wrong with them if that is to be said only in the end.
    fn offset(&mut self) -> Result<(i32, Option<String>), String> {
        if self.eat('Z') {
            return Ok((0, None));
        }
        let bad = cannot_use(self.rest, "UTC offset");
        let Some((text, rest)) = self.rest.split_at_checked(6) else { return Err(bad) };
        let number =
            |range| text.get(range).filter(|t: &&str| t.bytes().all(|b| b.is_ascii_digit()))?.parse::<i32>().ok();
        let (Some(hours), Some(minutes), Some(":")) = (number(1..3), number(4..6), text.get(3..4)) else {
            return Err(bad);
        };
        let sign = match text.chars().next() {
            Some('+') => 1,
            Some('-') => -1,
            _ => return Err(bad),
        };
        self.rest = rest;
        if hours > 24 || minutes > 60 {
            return Err(cannot_use(rest, "UTC offset"));
        }
        let too_large = hours == 24 || minutes == 60;
        Ok((sign * (hours * 3600 + minutes * 60), too_large.then_some(bad)))
    }

    fn separator(&mut self, separator: char) -> Result<(), String> {
        if self.eat(separator) {
            return Ok(());
        }
        Err(match self.rest {
            "" => format!("end of string where {:?} is expected", separator.to_string()),
            rest => format!("found {rest:?} where {:?} is expected", separator.to_string()),
        })
    }

    /// Takes two digits, or nothing.
    fn two_digits(&mut self) -> Option<u32> {
        let digits = self.rest.get(..2).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
        self.advance(2);
        digits.parse().ok()
    }

    fn one_digit(&mut self) -> Option<u32> {
        let digit = self.rest.chars().next()?.to_digit(10)?;
        self.advance(1);
        Some(digit)
    }

    fn eat(&mut self, wanted: char) -> bool {
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn advance(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or("");
    }
}

fn cannot_use(rest: &str, what: &str) -> String {
    if rest.is_empty() { end_before(what) } else { format!("cannot use {rest:?} as {what}") }
}

fn end_before(what: &str) -> String {
    format!("end of string before {what}")
}
