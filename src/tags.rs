//! Scripts of analytics vendors in readers' browsers. None is loaded before its reader granted its purpose, and then the
//! Content-Security-Policy allows just the hosts that vendor needs.

use std::fmt::Write;

use anyhow::{Result, ensure};
use app::model::Purpose;
use serde::Deserialize;

use crate::privacy::Grants;

/// `[tags]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Google tag: `id = "G-ABC1234567"`.
    pub gtag: Option<Tag>,
    /// Hotjar: the site's number.
    pub hotjar: Option<Tag>,
    /// FullStory: the organisation, `o-1ABC23-na1`.
    pub fullstory: Option<Tag>,
    /// LogRocket: `organisation/app`.
    pub logrocket: Option<Tag>,
    /// Optimizely Web: the project's number.
    pub optimizely: Option<Tag>,
    /// VWO: the account's number.
    pub vwo: Option<Tag>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    /// The public id the vendor gave.
    pub id: String,
    /// What a reader must have granted.
    #[serde(default = "analytics")]
    pub purpose: Purpose,
    /// Where the script comes from, in place of the vendor's own host.
    #[serde(default)]
    pub origin: Option<String>,
}

fn analytics() -> Purpose {
    Purpose::Analytics
}

/// What one vendor needs.
struct Vendor {
    name: &'static str,
    /// Host of its script.
    origin: &'static str,
    /// An id of this vendor: what stands in it, and an example.
    is_id: fn(&str) -> bool,
    example: &'static str,
    /// Path of its script; `{id}` is the id.
    script: &'static str,
    /// What is set before the script comes; `ID` is the id as a JavaScript text.
    before: &'static str,
    /// What is done when it came.
    after: &'static str,
    /// Further sources by directive of the policy.
    sources: &'static [(&'static str, &'static str)],
}

const GTAG: Vendor = Vendor {
    name: "gtag",
    origin: "https://www.googletagmanager.com",
    is_id: |id| ["G-", "AW-", "GT-"].iter().any(|begin| id.strip_prefix(begin).is_some_and(is_alphanumeric)),
    example: "G-ABC1234567",
    script: "/gtag/js?id={id}",
    before: "window.dataLayer ??= []; window.gtag = function () { dataLayer.push(arguments); }; gtag('js', new Date()); gtag('config', ID);",
    after: "",
    sources: &[
        ("connect-src", "https://*.google-analytics.com https://*.analytics.google.com https://*.googletagmanager.com"),
        ("img-src", "https://*.google-analytics.com https://*.googletagmanager.com"),
    ],
};

const HOTJAR: Vendor = Vendor {
    name: "hotjar",
    origin: "https://static.hotjar.com",
    is_id: |id| (4..=10).contains(&id.len()) && is_number(id),
    example: "1234567",
    script: "/c/hotjar-{id}.js?sv=6",
    before: "window.hj ??= function () { (hj.q ??= []).push(arguments); }; window._hjSettings = { hjid: Number(ID), hjsv: 6 };",
    after: "",
    sources: &[
        ("script-src", "https://script.hotjar.com"),
        ("connect-src", "https://*.hotjar.com https://*.hotjar.io wss://*.hotjar.com"),
        ("img-src", "https://*.hotjar.com"),
        ("font-src", "https://*.hotjar.com"),
        ("frame-src", "https://vars.hotjar.com"),
    ],
};

const FULLSTORY: Vendor = Vendor {
    name: "fullstory",
    origin: "https://edge.fullstory.com",
    is_id: |id| id.strip_prefix("o-").is_some_and(|rest| is_alphanumeric(&rest.replace('-', ""))),
    example: "o-1ABC23-na1",
    script: "/s/fs.js",
    before: "window._fs_host = 'fullstory.com'; window._fs_script = new URL(SRC).host + '/s/fs.js'; window._fs_org = ID; \
             window._fs_namespace = 'FS'; window.FS ??= function () { (FS.q ??= []).push(arguments); };",
    after: "",
    sources: &[
        (
            "connect-src",
            "https://edge.fullstory.com https://rs.fullstory.com https://edge.eu1.fullstory.com https://rs.eu1.fullstory.com",
        ),
        ("img-src", "https://rs.fullstory.com https://rs.eu1.fullstory.com"),
    ],
};

const LOGROCKET: Vendor = Vendor {
    name: "logrocket",
    origin: "https://cdn.logrocket.io",
    is_id: |id| id.split_once('/').is_some_and(|(one, other)| [one, other].iter().all(|part| is_slug(part))),
    example: "acme/help",
    script: "/LogRocket.min.js",
    before: "",
    after: "window.LogRocket?.init(ID);",
    sources: &[
        ("connect-src", "https://*.logrocket.io https://*.lr-ingest.io https://*.logrocket.com https://*.lr-in.com"),
        ("worker-src", "blob:"),
        ("child-src", "blob:"),
    ],
};

const OPTIMIZELY: Vendor = Vendor {
    name: "optimizely",
    origin: "https://cdn.optimizely.com",
    is_id: |id| (6..=20).contains(&id.len()) && is_number(id),
    example: "12345678",
    script: "/js/{id}.js",
    before: "",
    after: "",
    sources: &[
        ("connect-src", "https://logx.optimizely.com https://eu.logx.optimizely.com https://*.optimizely.com"),
        ("img-src", "https://cdn.optimizely.com"),
    ],
};

const VWO: Vendor = Vendor {
    name: "vwo",
    origin: "https://dev.visualwebsiteoptimizer.com",
    is_id: is_number,
    example: "123456",
    script: "/j.php?a={id}&vn=2&u=HERE",
    before: "",
    after: "",
    sources: &[
        ("script-src", "https://*.visualwebsiteoptimizer.com https://*.vwo.com"),
        ("connect-src", "https://*.visualwebsiteoptimizer.com https://*.vwo.com"),
        ("img-src", "https://*.visualwebsiteoptimizer.com https://*.vwo.com"),
        ("worker-src", "blob:"),
    ],
};

fn is_number(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|letter| letter.is_ascii_digit())
}

fn is_alphanumeric(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|letter| letter.is_ascii_alphanumeric())
}

fn is_slug(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-')
}

impl Settings {
    fn configured(&self) -> impl Iterator<Item = (&'static Vendor, &Tag)> {
        let all = [
            (&GTAG, &self.gtag),
            (&HOTJAR, &self.hotjar),
            (&FULLSTORY, &self.fullstory),
            (&LOGROCKET, &self.logrocket),
            (&OPTIMIZELY, &self.optimizely),
            (&VWO, &self.vwo),
        ];
        all.into_iter().filter_map(|(vendor, tag)| Some((vendor, tag.as_ref()?)))
    }

    /// # Errors
    /// An id that is none of its vendor's, an origin that is no https address, a purpose nobody is asked for.
    pub fn check(&self, asked: Grants) -> Result<()> {
        for (Vendor { name, is_id, example, .. }, tag) in self.configured() {
            ensure!(is_id(&tag.id), "tags.{name}.id is {:?}; it looks like {example:?}", tag.id);
            let origin = tag.origin.as_deref().unwrap_or("https://");
            let is_local = origin.starts_with("http://127.0.0.1:");
            let is_plain = !origin.contains(|letter: char| letter.is_whitespace() || ";,'\"\\".contains(letter));
            ensure!(
                is_plain && (origin.starts_with("https://") || is_local),
                "tags.{name}.origin is {origin:?}; write an address such as \"https://tags.example.com\""
            );
            ensure!(
                asked.allow(tag.purpose) && tag.purpose != Purpose::Necessary,
                "tags.{name} is for {:?}, which readers are not asked for: add it to privacy.purposes",
                tag.purpose.name()
            );
        }
        Ok(())
    }

    pub fn is_empty(&self) -> bool {
        self.configured().next().is_none()
    }

    fn granted(&self, grants: Grants) -> impl Iterator<Item = (&'static Vendor, &Tag)> {
        self.configured().filter(move |(_, tag)| grants.allow(tag.purpose))
    }

    /// Names of the vendors that are granted, and for which purpose each is.
    pub fn vendors(&self, grants: Grants) -> impl Iterator<Item = (&'static str, Purpose)> {
        self.granted(grants).map(|(vendor, tag)| (vendor.name, tag.purpose))
    }

    /// The script that loads the vendors that are granted: nothing at all when none is.
    pub fn loader(&self, grants: Grants) -> String {
        let mut script = String::new();
        for (vendor, tag) in self.granted(grants) {
            let id = serde_json::to_string(&tag.id).expect("a text is JSON");
            let address = format!("{}{}", origin(vendor, tag), vendor.script.replace("{id}", &tag.id));
            let address = serde_json::to_string(&address).expect("a text is JSON");
            let src = address.replace("HERE\"", "\" + encodeURIComponent(location.href)");
            let before = vendor.before.replace("ID", &id).replace("SRC", &src);
            let after = vendor.after.replace("ID", &id);
            writeln!(
                script,
                "{{ {before} const tag = document.createElement('script'); tag.async = true; tag.src = {src}; \
                 tag.onload = () => {{ {after} }}; document.head.append(tag); }}"
            )
            .expect("a String takes everything");
        }
        script
    }

    /// Sources that the granted vendors need, by directive of the policy.
    pub fn sources(&self, grants: Grants) -> Vec<(&'static str, String)> {
        let own = self.granted(grants).map(|(vendor, tag)| ("script-src", origin(vendor, tag).to_owned()));
        let further = self.granted(grants).flat_map(|(vendor, _)| vendor.sources);
        own.chain(further.map(|(directive, sources)| (*directive, (*sources).to_owned()))).collect()
    }
}

fn origin<'a>(vendor: &'a Vendor, tag: &'a Tag) -> &'a str {
    tag.origin.as_deref().unwrap_or(vendor.origin).trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn settings(text: &str) -> Settings {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn nothing_is_loaded_or_allowed_before_it_is_granted() {
        let tags = settings("gtag = { id = \"G-ABC1\" }\nvwo = { id = \"12\", purpose = \"marketing\" }");
        assert_eq!((tags.loader(Grants::NONE).as_str(), tags.sources(Grants::NONE).len()), ("", 0));
        let script = tags.loader(Grants::of([Purpose::Analytics]));
        assert!(script.contains("https://www.googletagmanager.com/gtag/js?id=G-ABC1") && !script.contains("j.php"));
        let sources = tags.sources(Grants::of([Purpose::Marketing]));
        assert!(sources.contains(&("script-src", "https://dev.visualwebsiteoptimizer.com".to_owned())));
        assert!(!sources.iter().any(|(_, hosts)| hosts.contains("google")));
    }

    #[test]
    fn every_vendors_example_is_an_id_of_it_and_nothing_with_code_in_it_is() {
        for vendor in [GTAG, HOTJAR, FULLSTORY, LOGROCKET, OPTIMIZELY, VWO] {
            assert!((vendor.is_id)(vendor.example), "{}", vendor.name);
            for wrong in ["", "');alert(1)//", "<script>", "1 2", "a\"b"] {
                assert!(!(vendor.is_id)(wrong), "{} takes {wrong:?}", vendor.name);
            }
        }
    }

    #[test]
    fn what_cannot_be_used_is_refused_by_name() {
        let refused = |text: &str, expect: &str| {
            let why = settings(text).check(Grants::of([Purpose::Analytics])).unwrap_err().to_string();
            assert!(why.contains(expect), "{why}");
        };
        refused("hotjar = { id = \"x\" }", "tags.hotjar.id");
        refused("vwo = { id = \"12\", purpose = \"marketing\" }", "add it to privacy.purposes");
        refused("gtag = { id = \"G-A1\", origin = \"http://tags.example.com\" }", "tags.gtag.origin");
        refused("gtag = { id = \"G-A1\", origin = \"https://a.example; script-src *\" }", "tags.gtag.origin");
    }
}
