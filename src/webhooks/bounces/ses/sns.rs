//! How Amazon SNS signs.

use anyhow::Result;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ring::signature::{RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, UnparsedPublicKey};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};
use serde_json::Value;
use url::Url;
use webpki::EndEntityCert;

use crate::integrations::http::base;
use crate::webhooks::Refused;

/// What is signed of a notification, in this order,
const NOTIFICATION: [&str; 6] = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
/// and of what asks whether we want to be told, or confirms that we do not.
const CONFIRMATION: [&str; 7] = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];

/// Where certificates and confirmations may come from.
#[derive(Debug)]
pub enum Origin {
    Amazon,
    /// An address of the operator's.
    Other(Url),
}

impl Origin {
    /// # Errors
    /// An address that cannot be used.
    pub fn new(endpoint: Option<&str>) -> Result<Self> {
        Ok(endpoint.map(base).transpose()?.map_or(Self::Amazon, Self::Other))
    }

    /// The address, if it is from there.
    pub fn url(&self, address: &Value) -> Option<Url> {
        let url = Url::parse(address.as_str()?).ok()?;
        let is_from_there = match self {
            Self::Amazon => url.scheme() == "https" && url.port().is_none() && is_amazons(url.host_str()?),
            Self::Other(other) => url.origin() == other.origin(),
        };
        let has_user = !url.username().is_empty() || url.password().is_some();
        Some(url).filter(|_| is_from_there && !has_user)
    }
}

/// `sns.eu-west-1.amazonaws.com`, in China with `.cn` behind.
fn is_amazons(host: &str) -> bool {
    let host = host.strip_suffix(".cn").unwrap_or(host);
    let region = host.strip_prefix("sns.").and_then(|rest| rest.strip_suffix(".amazonaws.com"));
    let is_region = |c: char| c.is_ascii_alphanumeric() || c == '-';
    region.is_some_and(|region| region.len() >= 3 && region.chars().all(is_region))
}

/// The bytes that are signed: each part's name and value, on lines of their own.
pub fn signed(told: &Value) -> Result<String, Refused> {
    let parts = match told["Type"].as_str() {
        Some("Notification") => &NOTIFICATION[..],
        Some("SubscriptionConfirmation" | "UnsubscribeConfirmation") => &CONFIRMATION[..],
        _ => return Err(Refused::Unproved("`Type` is none of Amazon SNS".to_owned())),
    };
    let part = |name: &&str| Some(format!("{name}\n{}\n", told[*name].as_str()?));
    Ok(parts.iter().filter_map(part).collect())
}

/// The bytes of the first certificate.
pub fn certificate(pem: &[u8]) -> Result<Vec<u8>, Refused> {
    let certificate = CertificateDer::from_pem_slice(pem);
    let certificate = certificate.map_err(|_| Refused::Unproved("`SigningCertURL` names no certificate".to_owned()))?;
    Ok(certificate.to_vec())
}

pub fn verify(certificate: &[u8], told: &Value, signed: &str) -> Result<(), Refused> {
    let refused = |what: &str| Refused::Unproved(format!("{what}, by the certificate at `SigningCertURL`"));
    let algorithm: &dyn SignatureVerificationAlgorithm = match told["SignatureVersion"].as_str() {
        Some("1") => &Sha1,
        Some("2") => webpki::ring::RSA_PKCS1_2048_8192_SHA256,
        _ => return Err(Refused::Unproved("`SignatureVersion` is neither 1 nor 2".to_owned())),
    };
    let given = BASE64_STANDARD.decode(told["Signature"].as_str().unwrap_or_default()).unwrap_or_default();
    let der = CertificateDer::from(certificate);
    let certificate = EndEntityCert::try_from(&der).map_err(|_| refused("`Signature` cannot be checked"))?;
    let verified = certificate.verify_signature(algorithm, signed.as_bytes(), &given);
    verified.map_err(|_| refused("`Signature` does not fit what is signed"))
}

/// What topics are signed with until somebody sets version 2.
#[derive(Debug)]
struct Sha1;

impl SignatureVerificationAlgorithm for Sha1 {
    fn verify_signature(&self, key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, key);
        key.verify(message, signature).map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::RSA_ENCRYPTION
    }

    /// sha1WithRSAEncryption with NULL, RFC 8017 appendix A.2.4; nobody asks for it here.
    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        AlgorithmIdentifier::from_slice(&[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05, 0x05, 0x00])
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
    use serde_json::json;

    use super::*;
    use crate::integrations::generic::hex;

    #[test]
    fn what_is_signed_is_that_of_the_vector() {
        let told = json!({
            "Type": "Notification", "TopicArn": "arn:aws:sns:eu-west-1:123456789012:ses-events",
            "MessageId": "11111111-2222-3333-4444-555555555555", "Timestamp": "2026-07-25T10:00:00.000Z",
            "Message": r#"{"notificationType":"Bounce"}"#, "SignatureVersion": "2", "Signature": "x",
        });
        let signed = signed(&told).unwrap();
        let hash = |algorithm| hex(digest(algorithm, signed.as_bytes()).as_ref());
        assert_eq!(signed.len(), 193);
        assert_eq!(hash(&SHA1_FOR_LEGACY_USE_ONLY), "525ee649c12b1862de4e3fa4775b80ab4dd2a41a");
        assert_eq!(hash(&SHA256), "ababc8c128481c4769692a22ed829cd3b72c2233211a731ed8d0d7f4da7df35e");
        let with_subject = {
            let mut told = told;
            told["Subject"] = "a".into();
            super::signed(&told).unwrap()
        };
        assert!(with_subject.contains("555555555555\nSubject\na\nTimestamp\n"), "{with_subject}");
        assert!(super::signed(&json!({ "Type": "Else" })).is_err());
    }

    #[test]
    fn certificates_come_from_amazon_alone() {
        let check = |address: &str, expect: bool| {
            assert_eq!(Origin::Amazon.url(&address.into()).is_some(), expect, "{address}");
        };
        check("https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0000.pem", true);
        check("https://sns.cn-north-1.amazonaws.com.cn/a.pem", true);
        check("http://sns.eu-west-1.amazonaws.com/a.pem", false);
        check("https://sns.eu-west-1.amazonaws.com.evil.example/a.pem", false);
        check("https://evil.example/sns.eu-west-1.amazonaws.com/a.pem", false);
        check("https://sns.a.b.amazonaws.com/a.pem", false);
        check("https://sns.eu-west-1.amazonaws.com:8443/a.pem", false);
        check("https://sns.eu-west-1.amazonaws.com@evil.example/a.pem", false);
        check("https://me@sns.eu-west-1.amazonaws.com/a.pem", false);
        check("https://sns-.amazonaws.com/a.pem", false);
        check("https://s3.amazonaws.com/sns.eu-west-1.amazonaws.com/a.pem", false);
    }
}
