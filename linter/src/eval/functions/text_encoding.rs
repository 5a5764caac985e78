//! Text encodings by the names that IANA registered, as far as Terraform supports them.

use encoding_rs as web;

/// A text encoding.
#[derive(Debug)]
pub(super) struct TextEncoding {
    /// IANA's name first, then aliases, all to be compared without regard to case.
    names: &'static [&'static str],
    codec: Codec,
}

/// How an encoding works.
#[derive(Clone, Copy, Debug)]
enum Codec {
    Ascii,
    Utf8,
    /// Big-endian where no mark says otherwise; written with a mark.
    Utf16,
    Utf16BigEndian,
    Utf16LittleEndian,
    /// As on the web.
    Web(&'static web::Encoding),
    /// As on the web, but the bytes 80 to 9F are control characters.
    WithControls(&'static web::Encoding),
    /// As on the web, but bytes that would be control characters from 80 on mean nothing.
    WithoutControls(&'static web::Encoding),
    /// Terraform knows it, we do not.
    NotModelled,
}

/// The encoding of this name.
pub(super) fn find(name: &str) -> Option<&'static TextEncoding> {
    let name = name.trim();
    ENCODINGS.iter().find(|encoding| encoding.names.iter().any(|known| known.eq_ignore_ascii_case(name)))
}

impl TextEncoding {
    /// IANA's name.
    pub(super) fn name(&self) -> &'static str {
        self.names.first().copied().unwrap_or_default()
    }

    /// Whether encoding and decoding work here; otherwise they give nothing.
    pub(super) fn is_modelled(&self) -> bool {
        !matches!(self.codec, Codec::NotModelled)
    }

    /// The bytes of text; `None` if a character has none.
    pub(super) fn encode(&self, text: &str) -> Option<Vec<u8>> {
        match self.codec {
            Codec::Ascii => text.is_ascii().then(|| text.as_bytes().to_vec()),
            Codec::Utf8 => Some(text.as_bytes().to_vec()),
            Codec::Utf16 => Some([0xFE, 0xFF].into_iter().chain(utf16(text, u16::to_be_bytes)).collect()),
            Codec::Utf16BigEndian => Some(utf16(text, u16::to_be_bytes).collect()),
            Codec::Utf16LittleEndian => Some(utf16(text, u16::to_le_bytes).collect()),
            Codec::Web(table) => encode_web(table, text),
            Codec::WithControls(table) => {
                text.chars().map(|character| encode_with_controls(table, character)).collect()
            }
            Codec::WithoutControls(table) => {
                if text.chars().any(is_high_control) {
                    None
                } else {
                    encode_web(table, text)
                }
            }
            Codec::NotModelled => None,
        }
    }

    /// The text of bytes; `None` if some of them mean nothing.
    pub(super) fn decode(&self, bytes: &[u8]) -> Option<String> {
        match self.codec {
            Codec::Ascii | Codec::Utf8 => {
                let text = std::str::from_utf8(bytes).ok()?;
                (matches!(self.codec, Codec::Utf8) || text.is_ascii()).then(|| text.to_owned())
            }
            Codec::Utf16 => match bytes.split_at_checked(2) {
                Some(([0xFF, 0xFE], rest)) => from_utf16(rest, u16::from_le_bytes),
                Some(([0xFE, 0xFF], rest)) => from_utf16(rest, u16::from_be_bytes),
                _ => from_utf16(bytes, u16::from_be_bytes),
            },
            Codec::Utf16BigEndian => from_utf16(bytes, u16::from_be_bytes),
            Codec::Utf16LittleEndian => from_utf16(bytes, u16::from_le_bytes),
            Codec::Web(table) => decode_web(table, bytes),
            Codec::WithControls(table) => {
                let decode = |&byte: &u8| match byte {
                    0x80..0xA0 => Some(String::from(char::from(byte))),
                    _ => decode_web(table, &[byte]),
                };
                bytes.iter().map(decode).collect()
            }
            Codec::WithoutControls(table) => decode_web(table, bytes).filter(|text| !text.chars().any(is_high_control)),
            Codec::NotModelled => None,
        }
    }
}

fn is_high_control(character: char) -> bool {
    matches!(character, '\u{80}'..='\u{9f}')
}

fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> impl Iterator<Item = u8> {
    text.encode_utf16().flat_map(to_bytes)
}

fn from_utf16(bytes: &[u8], to_unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|&pair| to_unit(pair)).collect();
    if rest.is_empty() { String::from_utf16(&units).ok() } else { None }
}

fn encode_web(table: &'static web::Encoding, text: &str) -> Option<Vec<u8>> {
    let (bytes, _, unmappable) = table.encode(text);
    (!unmappable).then(|| bytes.into_owned())
}

fn encode_with_controls(table: &'static web::Encoding, character: char) -> Option<u8> {
    if is_high_control(character) {
        return u8::try_from(u32::from(character)).ok();
    }
    let bytes = encode_web(table, character.encode_utf8(&mut [0; 4]))?;
    bytes.first().copied().filter(|byte| !(0x80..0xA0).contains(byte))
}

fn decode_web(table: &'static web::Encoding, bytes: &[u8]) -> Option<String> {
    table.decode_without_bom_handling_and_without_replacement(bytes).map(std::borrow::Cow::into_owned)
}

const fn entry(codec: Codec, names: &'static [&'static str]) -> TextEncoding {
    TextEncoding { names, codec }
}

/// What Terraform supports.
static ENCODINGS: &[TextEncoding] = &[
    entry(
        Codec::Ascii,
        &[
            "US-ASCII",
            "ansi_x3.4-1968",
            "ansi_x3.4-1986",
            "cp367",
            "csascii",
            "ibm367",
            "iso-ir-6",
            "iso646-us",
            "iso_646.irv:1991",
            "us",
        ],
    ),
    entry(Codec::Utf8, &["UTF-8", "csutf8"]),
    entry(Codec::Utf16, &["UTF-16", "csutf16"]),
    entry(Codec::Utf16BigEndian, &["UTF-16BE", "csutf16be"]),
    entry(Codec::Utf16LittleEndian, &["UTF-16LE", "csutf16le"]),
    entry(
        Codec::WithControls(web::WINDOWS_1252),
        &[
            "ISO_8859-1:1987",
            "cp819",
            "csisolatin1",
            "ibm819",
            "iso-8859-1",
            "iso-ir-100",
            "iso_8859-1",
            "l1",
            "latin1",
        ],
    ),
    entry(
        Codec::Web(web::ISO_8859_2),
        &["ISO_8859-2:1987", "csisolatin2", "iso-8859-2", "iso-ir-101", "iso_8859-2", "l2", "latin2"],
    ),
    entry(
        Codec::Web(web::ISO_8859_3),
        &["ISO_8859-3:1988", "csisolatin3", "iso-8859-3", "iso-ir-109", "iso_8859-3", "l3", "latin3"],
    ),
    entry(
        Codec::Web(web::ISO_8859_4),
        &["ISO_8859-4:1988", "csisolatin4", "iso-8859-4", "iso-ir-110", "iso_8859-4", "l4", "latin4"],
    ),
    entry(
        Codec::Web(web::ISO_8859_5),
        &["ISO_8859-5:1988", "csisolatincyrillic", "cyrillic", "iso-8859-5", "iso-ir-144", "iso_8859-5"],
    ),
    entry(
        Codec::Web(web::ISO_8859_6),
        &[
            "ISO_8859-6:1987",
            "arabic",
            "asmo-708",
            "csisolatinarabic",
            "ecma-114",
            "iso-8859-6",
            "iso-ir-127",
            "iso_8859-6",
        ],
    ),
    entry(Codec::Web(web::ISO_8859_6), &["ISO_8859-6-E", "csiso88596e", "iso-8859-6-e"]),
    entry(Codec::Web(web::ISO_8859_6), &["ISO_8859-6-I", "csiso88596i", "iso-8859-6-i"]),
    entry(
        Codec::Web(web::ISO_8859_7),
        &[
            "ISO_8859-7:1987",
            "csisolatingreek",
            "ecma-118",
            "elot_928",
            "greek",
            "greek8",
            "iso-8859-7",
            "iso-ir-126",
            "iso_8859-7",
        ],
    ),
    entry(
        Codec::Web(web::ISO_8859_8),
        &["ISO_8859-8:1988", "csisolatinhebrew", "hebrew", "iso-8859-8", "iso-ir-138", "iso_8859-8"],
    ),
    entry(Codec::Web(web::ISO_8859_8), &["ISO_8859-8-E", "csiso88598e", "iso-8859-8-e"]),
    entry(Codec::Web(web::ISO_8859_8_I), &["ISO_8859-8-I", "csiso88598i", "iso-8859-8-i"]),
    entry(
        Codec::WithControls(web::WINDOWS_1254),
        &["ISO_8859-9:1989", "csisolatin5", "iso-8859-9", "iso-ir-148", "iso_8859-9", "l5", "latin5"],
    ),
    entry(
        Codec::Web(web::ISO_8859_10),
        &["ISO-8859-10", "csisolatin6", "iso-ir-157", "iso_8859-10:1992", "l6", "latin6"],
    ),
    entry(Codec::Web(web::ISO_8859_13), &["ISO-8859-13", "csiso885913"]),
    entry(
        Codec::Web(web::ISO_8859_14),
        &["ISO-8859-14", "csiso885914", "iso-celtic", "iso-ir-199", "iso_8859-14", "iso_8859-14:1998", "l8", "latin8"],
    ),
    entry(Codec::Web(web::ISO_8859_15), &["ISO-8859-15", "csiso885915", "iso_8859-15", "latin-9"]),
    entry(
        Codec::Web(web::ISO_8859_16),
        &["ISO-8859-16", "csiso885916", "iso-ir-226", "iso_8859-16", "iso_8859-16:2001", "l10", "latin10"],
    ),
    entry(Codec::Web(web::KOI8_R), &["KOI8-R", "cskoi8r"]),
    entry(Codec::Web(web::KOI8_U), &["KOI8-U", "cskoi8u"]),
    entry(Codec::Web(web::MACINTOSH), &["macintosh", "csmacintosh", "mac"]),
    entry(Codec::Web(web::IBM866), &["IBM866", "866", "cp866", "csibm866"]),
    entry(Codec::WithoutControls(web::WINDOWS_874), &["windows-874", "cswindows874"]),
    entry(Codec::WithoutControls(web::WINDOWS_1250), &["windows-1250", "cswindows1250"]),
    entry(Codec::WithoutControls(web::WINDOWS_1251), &["windows-1251", "cswindows1251"]),
    entry(Codec::WithoutControls(web::WINDOWS_1252), &["windows-1252", "cswindows1252"]),
    entry(Codec::WithoutControls(web::WINDOWS_1253), &["windows-1253", "cswindows1253"]),
    entry(Codec::WithoutControls(web::WINDOWS_1254), &["windows-1254", "cswindows1254"]),
    entry(Codec::WithoutControls(web::WINDOWS_1255), &["windows-1255", "cswindows1255"]),
    entry(Codec::WithoutControls(web::WINDOWS_1256), &["windows-1256", "cswindows1256"]),
    entry(Codec::WithoutControls(web::WINDOWS_1257), &["windows-1257", "cswindows1257"]),
    entry(Codec::WithoutControls(web::WINDOWS_1258), &["windows-1258", "cswindows1258"]),
    entry(Codec::Web(web::EUC_JP), &["Extended_UNIX_Code_Packed_Format_for_Japanese", "cseucpkdfmtjapanese", "euc-jp"]),
    entry(Codec::Web(web::ISO_2022_JP), &["ISO-2022-JP", "csiso2022jp"]),
    entry(Codec::Web(web::SHIFT_JIS), &["Shift_JIS", "csshiftjis", "ms_kanji"]),
    entry(Codec::Web(web::EUC_KR), &["EUC-KR", "cseuckr"]),
    entry(Codec::Web(web::GB18030), &["GB18030", "csgb18030"]),
    entry(Codec::Web(web::GBK), &["GBK", "cp936", "csgbk", "ms936", "windows-936"]),
    entry(Codec::Web(web::BIG5), &["Big5", "csbig5"]),
    entry(
        Codec::NotModelled,
        &["IBM037", "cp037", "csibm037", "ebcdic-cp-ca", "ebcdic-cp-nl", "ebcdic-cp-us", "ebcdic-cp-wt"],
    ),
    entry(Codec::NotModelled, &["IBM437", "437", "cp437", "cspc8codepage437"]),
    entry(Codec::NotModelled, &["IBM850", "850", "cp850", "cspc850multilingual"]),
    entry(Codec::NotModelled, &["IBM852", "852", "cp852", "cspcp852"]),
    entry(Codec::NotModelled, &["IBM855", "855", "cp855", "csibm855"]),
    entry(Codec::NotModelled, &["IBM00858", "ccsid00858", "cp00858", "csibm00858", "pc-multilingual-850+euro"]),
    entry(Codec::NotModelled, &["IBM860", "860", "cp860", "csibm860"]),
    entry(Codec::NotModelled, &["IBM862", "862", "cp862", "cspc862latinhebrew"]),
    entry(Codec::NotModelled, &["IBM863", "863", "cp863", "csibm863"]),
    entry(Codec::NotModelled, &["IBM865", "865", "cp865", "csibm865"]),
    entry(Codec::NotModelled, &["IBM1047", "csibm1047", "ibm-1047"]),
    entry(Codec::NotModelled, &["IBM01140", "ccsid01140", "cp01140", "csibm01140", "ebcdic-us-37+euro"]),
    entry(Codec::NotModelled, &["HZ-GB-2312"]),
];
