//! A topic of Amazon SNS: signs what it tells, serves its certificate, and takes confirmations.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use rsa::pkcs8::EncodePrivateKey;
use rsa::rand_core::OsRng;
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use rustls::pki_types::PrivatePkcs8KeyDer;
use serde_json::{Value, json};

use super::Vendor;

pub const ARN: &str = "arn:aws:sns:eu-west-1:123456789012:ses-events";
const CERTIFICATE: &str = "/SimpleNotificationService-0000.pem";
/// What stands before a hash that is signed: RFC 8017 section 9.2, note 1.
const SHA1: [u8; 15] = [0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14];
const SHA2: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

pub struct Topic {
    pub vendor: Vendor,
    key: RsaPrivateKey,
}

impl Topic {
    pub async fn open() -> Self {
        let key = RsaPrivateKey::new(&mut OsRng, 2048).unwrap();
        let der = PrivatePkcs8KeyDer::from(key.to_pkcs8_der().unwrap().as_bytes().to_vec());
        let pair = KeyPair::from_pkcs8_der_and_sign_algo(&der, &PKCS_RSA_SHA256).unwrap();
        let pem =
            CertificateParams::new(vec!["sns.amazonaws.com".to_owned()]).unwrap().self_signed(&pair).unwrap().pem();
        let judge = move |received: &super::Received, _: bool| match (received.method.as_str(), received.url.path()) {
            ("GET", CERTIFICATE) => Ok((200, pem.clone())),
            ("GET", "/") if received.query("Action").as_deref() == Some("ConfirmSubscription") => {
                Ok((200, "<ConfirmSubscriptionResponse/>".to_owned()))
            }
            other => Err(format!("{other:?}")),
        };
        Self { vendor: Vendor::of(Box::new(judge)).await, key }
    }

    pub fn settings(&self) -> String {
        format!("[hooks.ses]\ntopic = \"{ARN}\"\nendpoint = \"{}\"\n", self.vendor.url)
    }

    pub fn notification(&self, id: &str, message: &str, at: Timestamp) -> Value {
        let told = json!({ "Type": "Notification", "MessageId": id, "TopicArn": ARN, "Message": message,
            "Timestamp": format!("{at:.3}"), "SignatureVersion": "2",
            "SigningCertURL": format!("{}{CERTIFICATE}", self.vendor.url) });
        self.signed(told)
    }

    pub fn confirmation(&self, at: Timestamp) -> Value {
        let url = format!("{}/?Action=ConfirmSubscription&TopicArn={ARN}&Token=t0ken", self.vendor.url);
        let told = json!({ "Type": "SubscriptionConfirmation", "MessageId": "confirm-1", "TopicArn": ARN,
            "Message": "You have chosen to subscribe.", "Token": "t0ken", "SubscribeURL": url,
            "Timestamp": format!("{at:.3}"), "SignatureVersion": "2",
            "SigningCertURL": format!("{}{CERTIFICATE}", self.vendor.url) });
        self.signed(told)
    }

    /// The same with a signature that fits.
    pub fn signed(&self, mut told: Value) -> Value {
        let mut text = String::new();
        // In this order; what is not there is left out.
        for name in ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"] {
            if let Some(value) = told[name].as_str() {
                text += &format!("{name}\n{value}\n");
            }
        }
        let (algorithm, prefix) = match told["SignatureVersion"].as_str() {
            Some("1") => (&SHA1_FOR_LEGACY_USE_ONLY, SHA1.to_vec()),
            _ => (&SHA256, SHA2.to_vec()),
        };
        let hash = digest(algorithm, text.as_bytes());
        let padding = Pkcs1v15Sign { hash_len: Some(hash.as_ref().len()), prefix: prefix.into() };
        told["Signature"] = BASE64_STANDARD.encode(self.key.sign(padding, hash.as_ref()).unwrap()).into();
        told
    }
}
