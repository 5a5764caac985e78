//! Names that secrets have.

/// How surely text that is given to a name is a secret.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Secrecy {
    /// Nothing says that it is one.
    #[default]
    Open,
    /// It is one if it looks drawn at random: `key` names many harmless things too.
    IfRandom,
    /// The name says so.
    Secret,
}

/// A name with one of these words names a secret.
const WORDS: &[&str] = &[
    "password",
    "passwords",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "secret",
    "secrets",
    "token",
    "credential",
    "credentials",
    "apikey",
    "psk",
    "accesskey",
    "privatekey",
    "secretkey",
];

/// A name with one of these before `key` names a secret.
const SECRET_KEYS: &[&str] = &[
    "private",
    "api",
    "access",
    "account",
    "shared",
    "preshared",
    "pre",
    "signing",
    "encryption",
    "decryption",
    "storage",
    "license",
    "licence",
    "auth",
    "authentication",
    "admin",
    "app",
    "application",
    "client",
    "deploy",
    "session",
    "ssl",
    "tls",
    "ssh",
    "webhook",
];

/// A name with one of these before `key` names none.
const PUBLIC_KEYS: &[&str] = &["public", "partition", "hash", "range", "sort", "foreign", "tag", "object", "cache"];

/// What a name ends with that says something about a secret, and is none.
const ABOUT: &[&str] = &[
    "name",
    "names",
    "arn",
    "arns",
    "type",
    "types",
    "policy",
    "policies",
    "version",
    "versions",
    "algorithm",
    "length",
    "enabled",
    "disabled",
    "url",
    "uri",
    "urls",
    "endpoint",
    "path",
    "paths",
    "file",
    "description",
    "days",
    "size",
    "usage",
    "spec",
    "format",
    "region",
    "expiration",
    "expiry",
    "lifetime",
    "ttl",
    "timeout",
    "rotation",
    "ref",
    "mode",
    "method",
    "prefix",
    "scope",
    "scopes",
    "issuer",
    "audience",
];

/// What a name may end with after `key`: `private_key_pem`.
const CONTENT: &[&str] = &["pem", "data", "base64", "content", "contents", "material", "value", "text", "wo"];

/// What the name says about text that is given to it.
pub(super) fn secrecy_of(name: &[u8]) -> Secrecy {
    let words = words(name);
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    let Some(&last) = words.last() else { return Secrecy::Open };
    if ABOUT.contains(&last) && words.len() > 1 {
        return Secrecy::Open;
    }
    if last == "pass" || words.ends_with(&["connection", "string"]) || words.iter().any(|word| WORDS.contains(word)) {
        return Secrecy::Secret;
    }
    while words.len() > 1 && words.last().is_some_and(|last| CONTENT.contains(last)) {
        words.pop();
    }
    match words.as_slice() {
        [.., before, "key" | "keys"] if SECRET_KEYS.contains(before) => Secrecy::Secret,
        [.., before, "key" | "keys"] if PUBLIC_KEYS.contains(before) => Secrecy::Open,
        [.., "key" | "keys"] => Secrecy::IfRandom,
        [.., "access", "key", "id"] => Secrecy::Secret,
        _ => Secrecy::Open,
    }
}

/// Whether text looks drawn at random: long, of letters and digits, and no path, name or address.
pub(super) fn looks_random(text: &[u8]) -> bool {
    let is_sign = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'=' | b'_' | b'-');
    text.len() >= 20
        && text.iter().all(is_sign)
        && text.iter().any(u8::is_ascii_digit)
        && text.iter().any(u8::is_ascii_alphabetic)
}

/// The words of a name in lower case: `dbPassword`, `DB_PASSWORD` and `db-password` have two.
fn words(name: &[u8]) -> Vec<String> {
    /// Longer names are not words.
    const MOST: usize = 128;
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for &byte in name.iter().take(MOST) {
        if !byte.is_ascii_alphanumeric() || (was_lower && byte.is_ascii_uppercase()) {
            words.push(String::new());
        }
        was_lower = byte.is_ascii_lowercase() || byte.is_ascii_digit();
        if let Some(word) = words.last_mut().filter(|_| byte.is_ascii_alphanumeric()) {
            word.push(char::from(byte.to_ascii_lowercase()));
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_secrets_from_what_is_said_about_them() {
        for name in [
            "password",
            "db_password",
            "DB_PASSWORD",
            "masterPassword",
            "admin-password",
            "db_pass",
            "secret_string",
            "client_secret",
            "token",
            "auth_token",
            "token_value",
            "private_key",
            "private_key_pem",
            "ssh_private_key_base64",
            "access_key",
            "aws_access_key_id",
            "primary_access_key",
            "connection_string",
            "credentials",
            "secret_id",
            "pre_shared_key",
        ] {
            assert_eq!(secrecy_of(name.as_bytes()), Secrecy::Secret, "{name}");
        }
        for name in ["key", "kms_key", "instance_key"] {
            assert_eq!(secrecy_of(name.as_bytes()), Secrecy::IfRandom, "{name}");
        }
        for name in [
            "",
            "name",
            "engine",
            "secret_name",
            "password_length",
            "password_policy",
            "token_endpoint",
            "secret_arn",
            "kms_key_id",
            "key_name",
            "public_key",
            "hash_key",
            "monkey",
            "passthrough",
            "tokenize",
            "private_key_path",
        ] {
            assert_eq!(secrecy_of(name.as_bytes()), Secrecy::Open, "{name}");
        }
    }

    #[test]
    fn random_text_is_no_path_and_no_name() {
        assert!(looks_random(b"9f8e7d6c5b4a39281706"));
        assert!(looks_random(b"wJalrXUtnFEMIK7MDENGbPxRfiCY"));
        for text in ["prod/network/terraform.tfstate", "Environment", "alias-for-the-main-key", "short1"] {
            assert!(!looks_random(text.as_bytes()), "{text}");
        }
    }
}
