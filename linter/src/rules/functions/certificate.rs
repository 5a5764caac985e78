//! What a certificate says of itself: its key, its signature, how long it is good for.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use x509_cert::Certificate;
use x509_cert::der::Decode as _;
use x509_cert::der::asn1::{ObjectIdentifier, Uint};
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use super::{RuleFunction, Surroundings, text};
use crate::eval::functions::{Call, FunctionError, Signature};
use crate::value::{Fields, Reason, Type, Value};

pub(super) const FUNCTIONS: &[RuleFunction] = &[RuleFunction::new(
    "certificate",
    &[text("pem")],
    Signature::Any,
    "What the first certificate in a text (PEM, or Base64 alone) says: an object with subject, issuer, self_signed, key_algorithm (RSA, EC, Ed25519), key_bits, signature_hash (SHA-256), not_before, not_after. Unknown if it cannot be read.",
    certificate,
)];

fn certificate(call: &Call<'_>, _: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let read = decoded(call.text(0)?).and_then(|der| Certificate::from_der(&der).ok());
    Ok(read.map_or_else(
        || Value::unknown(Type::Any, Reason::Error("the text is not a certificate that can be read".into())),
        |certificate| described(&certificate),
    ))
}

/// The bytes of the first certificate in a text.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let body = match text.split_once("-----BEGIN CERTIFICATE-----") {
        Some((_, rest)) => rest.split_once("-----END CERTIFICATE-----")?.0,
        None => text,
    };
    let packed: String = body.chars().filter(|ch| !ch.is_ascii_whitespace()).collect();
    STANDARD.decode(packed).ok()
}

fn described(certificate: &Certificate) -> Value {
    let content = &certificate.tbs_certificate;
    let (key_algorithm, key_bits) = key(&content.subject_public_key_info);
    let optional = |text: Option<&str>| text.map_or_else(Value::null, Value::string);
    let fields = [
        ("subject", Value::string(content.subject.to_string())),
        ("issuer", Value::string(content.issuer.to_string())),
        ("self_signed", (content.issuer == content.subject).into()),
        ("key_algorithm", optional(key_algorithm)),
        ("key_bits", key_bits.map_or_else(Value::null, Into::into)),
        ("signature_hash", optional(signature_hash(&certificate.signature_algorithm.oid))),
        ("not_before", Value::string(content.validity.not_before.to_date_time().to_string())),
        ("not_after", Value::string(content.validity.not_after.to_date_time().to_string())),
    ];
    Value::object(fields.into_iter().map(|(name, value)| (Arc::from(name), value)).collect::<Fields>())
}

/// The kind of a public key and its size in bits, as far as they are known.
fn key(info: &SubjectPublicKeyInfoOwned) -> (Option<&'static str>, Option<i64>) {
    match info.algorithm.oid.to_string().as_str() {
        "1.2.840.113549.1.1.1" | "1.2.840.113549.1.1.10" => {
            (Some("RSA"), rsa_bits(info.subject_public_key.raw_bytes()))
        }
        "1.2.840.10045.2.1" => {
            let curve = info.algorithm.parameters.as_ref().and_then(|it| it.decode_as::<ObjectIdentifier>().ok());
            (Some("EC"), curve.and_then(|curve| curve_bits(&curve.to_string())))
        }
        "1.2.840.10040.4.1" => (Some("DSA"), None),
        "1.3.101.112" => (Some("Ed25519"), Some(256)),
        "1.3.101.113" => (Some("Ed448"), Some(456)),
        _ => (None, None),
    }
}

/// A public key of RSA is a sequence of two numbers, the modulus first.
fn rsa_bits(key: &[u8]) -> Option<i64> {
    let numbers = Vec::<Uint>::from_der(key).ok()?;
    let modulus = numbers.first()?.as_bytes();
    let unused = modulus.first()?.leading_zeros();
    i64::try_from(modulus.len() * 8).ok().map(|bits| bits - i64::from(unused))
}

fn curve_bits(oid: &str) -> Option<i64> {
    match oid {
        "1.2.840.10045.3.1.1" => Some(192),
        "1.3.132.0.33" => Some(224),
        "1.2.840.10045.3.1.7" | "1.3.132.0.10" | "1.3.36.3.3.2.8.1.1.7" => Some(256),
        "1.3.132.0.34" | "1.3.36.3.3.2.8.1.1.11" => Some(384),
        "1.3.36.3.3.2.8.1.1.13" => Some(512),
        "1.3.132.0.35" => Some(521),
        _ => None,
    }
}

fn signature_hash(oid: &ObjectIdentifier) -> Option<&'static str> {
    match oid.to_string().as_str() {
        "1.2.840.113549.1.1.2" => Some("MD2"),
        "1.2.840.113549.1.1.4" => Some("MD5"),
        "1.2.840.113549.1.1.5" | "1.2.840.10045.4.1" | "1.2.840.10040.4.3" => Some("SHA-1"),
        "1.2.840.113549.1.1.14" | "1.2.840.10045.4.3.1" => Some("SHA-224"),
        "1.2.840.113549.1.1.11" | "1.2.840.10045.4.3.2" => Some("SHA-256"),
        "1.2.840.113549.1.1.12" | "1.2.840.10045.4.3.3" => Some("SHA-384"),
        "1.2.840.113549.1.1.13" | "1.2.840.10045.4.3.4" | "1.3.101.112" => Some("SHA-512"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::check;

    const SHORT_RSA: &str = "MIIBrDCCARWgAwIBAgIBATANBgkqhkiG9w0BAQsFADAcMRowGAYDVQQDDBFzaG9ydC5leGFtcGxlLm9yZzAeFw0yNjAxMDEwMDAwMDBaFw00NjAxMDEwMDAwMDBaMBwxGjAYBgNVBAMMEXNob3J0LmV4YW1wbGUub3JnMIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCz8xGNQmMJPrqA4SsHfdyX4fki692t6vxCJu/yNGYerUIko9+0vKKetWmXnsffbJkUHkmWHg54zqhkelF89wfDmDlCicvDjAwWuyNDStvsc2MPxadh4mja59aYEa6eqU6aygf2b0amimJzc7IgGLuTBCukCaiLjc+oz8u9kljx7wIDAQABMA0GCSqGSIb3DQEBCwUAA4GBACqVYrIh43Hjlb58r+se/zM4u6YUr0rA4jRdTFh3LmgDUIa2QdUcv37f2ZtyM6af9NmvHnrvdFwanPhepBs36jL7UkGUwMqtVOMhmIKf65M3pjDGrjpIpla/FUk/unqsWin1gRSiGSAdB0J/6WRtow6uabzW2zMVHo++S0oGIqOP";
    const SHA1: &str = "MIICEjCCAXugAwIBAgIUfdtOYI5ePJvhXKIL+iscrZFNHK8wDQYJKoZIhvcNAQEFBQAwGzEZMBcGA1UEAwwQc2hhMS5leGFtcGxlLm9yZzAeFw0yNjExMjIwODM0MDRaFw00NjAxMjEwODM0MDRaMBsxGTAXBgNVBAMMEHNoYTEuZXhhbXBsZS5vcmcwgZ8wDQYJKoZIhvcNAQEBBQADgY0AMIGJAoGBANHrQJbmMJwvbNTDILUWwEafUCGsGLPUChTcupUVF2B0V3EQYVbTQPSq/mYRMEO/nsITSSo84yhs8oK0eWenXoHJXvI5gH9HjhsXvE8zVEX42ftBAAJeb2uXgMx9gO55tXHyQVc3zQ8y81mcUL369eVJfAhWVKe0YoRy9AjPL4sJAgMBAAGjUzBRMB0GA1UdDgQWBBSQkMnFyTArvG2Ho80dI80sglt53jAfBgNVHSMEGDAWgBSQkMnFyTArvG2Ho80dI80sglt53jAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBBQUAA4GBAFfBvOzEciAVZ+6jX91ncSw0W6Ifghvb866gAaafoSHD698LZc8O/z6iphiw+9OOhj0Q5sO/AzwAkcVGt3c01FSTI2zHNSPpIGj9+Y9gav5eVwbJyQhWgXoHn8JVQRLGTBBLTfb6NgbSix4Ws64KdVqh4dqJMMZO03fVDQev0hxT";
    const ELLIPTIC: &str = "MIIBOjCBwqADAgECAgEBMAoGCCqGSM49BAMCMBUxEzARBgNVBAMMCkV4YW1wbGUgQ0EwHhcNMjYwMTAxMDAwMDAwWhcNNDYwMTAxMDAwMDAwWjAaMRgwFgYDVQQDDA93d3cuZXhhbXBsZS5vcmcwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ4OGrsoG6D/4iIvK1OcovWRb0oS2i/VTc1wkJxflbGOisEkxTpUuV+gb4YtgNKLHk1SCiHQ9/lhH92EkzebfEaMAoGCCqGSM49BAMCA2cAMGQCMCc4fsP1dej6rWHnxq4aTJ3UPV/Zo+6hu9qeT5N+Ig8bcMZZYwfltaDS0yXQGEiWSQIwK8igz1juRArXlIjpgN68KgSZTVHjy37YHZK3lY52tu+9C2dQrao6alvr9Pda7Lze";
    const ED25519: &str = "MIHeMIGRoAMCAQICAQEwBQYDK2VwMBkxFzAVBgNVBAMMDmVkLmV4YW1wbGUub3JnMB4XDTI2MDEwMTAwMDAwMFoXDTQ2MDEwMTAwMDAwMFowGTEXMBUGA1UEAwwOZWQuZXhhbXBsZS5vcmcwKjAFBgMrZXADIQCE/IR122494v5ueyzm96Gt6ssOwtE4GP8SJw+YAe0VyzAFBgMrZXADQQD20sJ22M1NE4ZDkGfJLqGluqi1s5aGvCpK3gSoUYYI+m0T9ND/whe6xmve2pziFr/HLVTtFdeWD7xqLAWOVh8D";

    fn described(certificate: &str) -> String {
        let body = "locals {\nx = certificate(self.certificate_body)\n}\ncondition = local.x.key_bits == 0\nerror_message = \"${local.x.subject} ${local.x.self_signed} ${local.x.key_algorithm} ${local.x.key_bits} ${local.x.signature_hash} ${local.x.not_after}\"";
        let config =
            format!("resource \"aws_iam_server_certificate\" \"a\" {{\n  certificate_body = \"{certificate}\"\n}}");
        check("aws_iam_server_certificate", body, &config).lines().join(" ")
    }

    #[test]
    fn certificates_are_described() {
        let pem = |body: &str| format!("-----BEGIN CERTIFICATE-----\\n{body}\\n-----END CERTIFICATE-----\\n");
        for (certificate, expected) in [
            (pem(SHORT_RSA), "CN=short.example.org true RSA 1024 SHA-256 2046-01-01T00:00:00Z"),
            (pem(SHA1), "CN=sha1.example.org true RSA 1024 SHA-1 2046-01-21T08:34:04Z"),
            (pem(ELLIPTIC), "CN=www.example.org false EC 256 SHA-256 2046-01-01T00:00:00Z"),
            (
                format!("leading text {}", pem(ED25519)),
                "CN=ed.example.org true Ed25519 256 SHA-512 2046-01-01T00:00:00Z",
            ),
            (ELLIPTIC.to_owned(), "CN=www.example.org false EC 256 SHA-256 2046-01-01T00:00:00Z"),
        ] {
            assert_eq!(described(&certificate), format!("fail 2 aws_iam_server_certificate.a: {expected}"));
        }
    }

    #[test]
    fn what_is_no_certificate_is_unknown() {
        for text in [
            "",
            "-----BEGIN CERTIFICATE-----...",
            "bm8gY2VydGlmaWNhdGU=",
            "-----BEGIN CERTIFICATE-----AAAA-----END CERTIFICATE-----",
        ] {
            let told = described(text);
            assert!(told.starts_with("undetermined 2") && told.contains("not a certificate"), "{text}: {told}");
        }
    }
}
