//! A store as S3 is: keeps objects, and does only what a signed address allows (AWS Signature Version 4 in the query).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest, Sha256};

use super::vendors::{SECRET, must};
use super::{Judged, Received, Vendor};

pub const KEY: &str = "AKIDHELPCENTER00001";
/// RFC 3986, section 2.3.
const UNRESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Objects by their paths: bytes and type.
pub type Objects = Arc<Mutex<BTreeMap<String, (Vec<u8>, String)>>>;

pub async fn open(objects: &Objects) -> Vendor {
    let objects = objects.clone();
    Vendor::of(Box::new(move |received, does| judge(received, does, &objects))).await
}

fn judge(received: &Received, does: bool, objects: &Objects) -> Judged {
    let now = Timestamp::now().to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string();
    signed(received, SECRET, &now)?;
    let (path, mut objects) = (received.url.path().to_owned(), objects.lock().unwrap());
    let kind = received.header("content-type").map(str::to_owned);
    match received.method.as_str() {
        "PUT" if does => {
            must(received.query("X-Amz-SignedHeaders").as_deref() == Some("content-type;host"), || {
                "signed".to_owned()
            })?;
            objects.insert(path, (received.body.clone(), kind.ok_or("a type")?));
            Ok((200, String::new()))
        }
        "DELETE" if does => Ok((204, objects.remove(&path).map(|_| String::new()).unwrap_or_default())),
        "PUT" | "DELETE" => Ok((200, String::new())),
        "GET" => match objects.get(&path) {
            Some((bytes, _)) => Ok((200, String::from_utf8_lossy(bytes).into_owned())),
            None => Ok((404, "<Error><Code>NoSuchKey</Code></Error>".to_owned())),
        },
        other => Err(format!("MethodNotAllowed {other}")),
    }
}

/// Is the address signed with `secret`, and good at `now`, as `20260725T100000Z`?
pub fn signed(received: &Received, secret: &str, now: &str) -> Result<(), String> {
    let of = |name: &str| received.query(name).ok_or(format!("AccessDenied: {name} is missing"));
    must(of("X-Amz-Algorithm")? == "AWS4-HMAC-SHA256", || "AuthorizationQueryParametersError".to_owned())?;
    let (date, credential) = (of("X-Amz-Date")?, of("X-Amz-Credential")?);
    let scope = credential.strip_prefix(&format!("{KEY}/")).ok_or("InvalidAccessKeyId")?;
    let (day, region) = (&date[..8], "eu-west-1");
    must(scope == format!("{day}/{region}/s3/aws4_request"), || format!("scope {scope}"))?;
    let life: i64 = of("X-Amz-Expires")?.parse().map_err(|_| "X-Amz-Expires")?;
    let age = seconds(now) - seconds(&date);
    must((1..=604_800).contains(&life) && (-900..=life).contains(&age), || "Request has expired".to_owned())?;
    let parts = [day.as_bytes(), region.as_bytes(), b"s3", b"aws4_request"];
    let key = parts.iter().fold(format!("AWS4{secret}").into_bytes(), |key, part| hmac(&key, part));
    let request = hex(&Sha256::digest(canonical(received, &of("X-Amz-SignedHeaders")?)?));
    let expect = hex(&hmac(&key, format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{request}").as_bytes()));
    must(of("X-Amz-Signature")? == expect, || "SignatureDoesNotMatch".to_owned())
}

fn canonical(received: &Received, headers: &str) -> Result<String, String> {
    let encoded = |text: &str| utf8_percent_encode(text, &UNRESERVED).to_string();
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let path: Vec<_> = received.url.path().split('/').map(|part| encoded(&decoded(part))).collect();
    let mut query: Vec<_> = received
        .url
        .query_pairs()
        .filter(|(name, _)| name != "X-Amz-Signature")
        .map(|(name, value)| format!("{}={}", encoded(&name), encoded(&value)))
        .collect();
    query.sort();
    let mut lines = String::new();
    for name in headers.split(';') {
        let value = received.header(name).ok_or(format!("the signed header {name} is missing"))?;
        lines.push_str(&format!("{name}:{}\n", value.trim()));
    }
    let (method, path, query) = (&received.method, path.join("/"), query.join("&"));
    Ok(format!("{method}\n{path}\n{query}\n{lines}\n{headers}\nUNSIGNED-PAYLOAD"))
}

fn seconds(stamp: &str) -> i64 {
    let time = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", stamp).unwrap();
    time.to_zoned(TimeZone::UTC).unwrap().timestamp().as_second()
}

fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The contract's own example, and what differs from it in one letter.
#[test]
fn a_signature_is_judged_as_the_contract_does() {
    let url = "https://help-uploads.s3.eu-west-1.amazonaws.com/attachments/2026/07/photo%201.png\
               ?X-Amz-Algorithm=AWS4-HMAC-SHA256\
               &X-Amz-Credential=AKIDHELPCENTER00001%2F20260725%2Feu-west-1%2Fs3%2Faws4_request\
               &X-Amz-Date=20260725T100000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=content-type%3Bhost\
               &X-Amz-Signature=eecb4c9854001bb7c363218e7df5d12dc628aa59e7839b732e09597b2eb2173f";
    let check = |method: &str, url: &str, kind: &str, now: &str| {
        let headers = vec![
            ("host".to_owned(), "help-uploads.s3.eu-west-1.amazonaws.com".to_owned()),
            ("content-type".to_owned(), kind.to_owned()),
        ];
        let received = Received { method: method.to_owned(), url: url.parse().unwrap(), headers, body: Vec::new() };
        signed(&received, "hc-example-secret-access-key-000000000001", now)
    };
    let now = "20260725T101000Z";
    assert_eq!(check("PUT", url, "image/png", now), Ok(()));
    assert!(check("GET", url, "image/png", now).is_err());
    assert!(check("PUT", url, "image/gif", now).is_err());
    assert!(check("PUT", &url.replace("photo", "phot0"), "image/png", now).is_err());
    assert!(check("PUT", &url.replace("eecb", "eecc"), "image/png", now).is_err());
    assert!(check("PUT", &url.replace("Expires=900", "Expires=901"), "image/png", now).is_err());
    assert!(check("PUT", url, "image/png", "20260725T101501Z").is_err(), "it has expired");
}
