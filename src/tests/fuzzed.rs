//! Ten thousand searches made up in every script: each is answered, none that holds a word of the site comes back
//! empty, and every door gives the same hits in the same order.

use std::process::Command;

use serde_json::Value;
use signpost::identity::anonymous;
use signpost::search::{self, Query};

use crate::site::{self, Site};

const QUERIES: usize = 10_000;
/// Every so many of them is also asked at each door, and on the command line.
const AT_DOORS: usize = 25;
const ON_COMMAND_LINE: usize = 2_000;

/// The words that are searched for stand in here, by language.
const SENTENCES: &[(&str, &str)] = &[
    ("en", "Restore a snapshot from settings.json before the wi-fi connection and maxRetries fail"),
    ("de", "Größere Sicherungen können über Nacht wiederhergestellt werden"),
    ("fr", "Réinitialisez votre mot de passe oublié depuis l’écran d’accueil"),
    ("ru", "Восстановите снимок данных и удалите старые файлы"),
    ("ar", "استعادة النسخة الاحتياطية من الإعدادات"),
    ("tr", "Şifrenizi değiştirmek için ayarları açın"),
    ("th", "กู้คืนข้อมูลสำรองจากการตั้งค่า"),
    ("zh", "从备份快照中恢复数据"),
    ("ja", "バックアップからデータを復元する方法"),
    ("ko", "백업에서 데이터를 복원하는 방법"),
    ("hi", "बैकअप से डेटा पुनर्स्थापित करें"),
];

async fn serve() -> Site {
    let mut files = Vec::new();
    for (locale, sentence) in SENTENCES {
        let folder = if *locale == "en" { String::new() } else { format!("{locale}/") };
        files.push((format!("{folder}index.md"), "# Home".to_owned()));
        files.push((format!("{folder}one.md"), format!("# {sentence}\n\nText.\n\n## More\n\n{sentence}.")));
        files.push((format!("{folder}two.md"), format!("# Other\n\n{sentence}. Snapshot 2.11.0.")));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    site::serve_with(&settings(), &files).await
}

fn settings() -> String {
    let locales: Vec<&str> = SENTENCES.iter().map(|(locale, _)| *locale).collect();
    format!("[content]\nlocales = {locales:?}\n")
}

/// A query, its locale, and whether it holds a word of that language's pages as it stands there.
struct Made {
    text: String,
    locale: &'static str,
    holds_a_word: bool,
}

fn make(random: &mut fastrand::Rng) -> Made {
    let (locale, sentence) = SENTENCES[random.usize(..SENTENCES.len())];
    let words: Vec<&str> = sentence.split(' ').collect();
    let parts = random.usize(1..5);
    let (mut text, mut holds_a_word) = (String::new(), false);
    for _ in 0..parts {
        let word = words[random.usize(..words.len())];
        match random.u8(..7) {
            0 | 1 => {
                text.push_str(word);
                holds_a_word = true;
            }
            2 => text.extend(word.chars().take(random.usize(1..4))),
            3 => text.push_str(&mistyped(word, random)),
            4 => text.extend((0..random.usize(1..8)).map(|_| random.char(..))),
            5 => text.push_str(
                ["\"", "-", "—", "\u{202e}", "\0", "%00", "<script>", "AND", "*", "title:"][random.usize(..10)],
            ),
            _ => text.push_str(&random.u32(..).to_string()),
        }
        text.push([' ', ' ', ' ', '\t', ','][random.usize(..5)]);
    }
    // What is quoted or excluded may well leave nothing.
    let plain = !text.contains(['"', '-', '“', '”', '„', '«', '»']);
    Made { text, locale, holds_a_word: holds_a_word && plain }
}

fn mistyped(word: &str, random: &mut fastrand::Rng) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = random.usize(..letters.len());
    match random.u8(..4) {
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, random.char('a'..='z')),
        2 => letters[at] = random.char('a'..='z'),
        _ => letters.swap(at, (at + 1).min(word.chars().count() - 1)),
    }
    letters.into_iter().collect()
}

/// Ids of the hits and their addresses, in order, as the function behind every door gives them.
fn found(site: &Site, made: &Made) -> Vec<String> {
    let edition = site.help.edition.load();
    let query = Query { text: made.text.clone(), locale: Some(made.locale.to_owned()), ..Query::default() };
    let results = search::search(&edition.index, &edition.snapshot, &anonymous(), &query);
    assert!(results.total >= results.hits.len(), "{:?}", made.text);
    assert!(!made.holds_a_word || results.total > 0, "{:?} finds nothing in {}", made.text, made.locale);
    results.hits.into_iter().map(|hit| hit.url).collect()
}

async fn at_doors(site: &Site, made: &Made, expect: &[String]) {
    let prefix = if made.locale == "en" { String::new() } else { format!("/{}", made.locale) };
    let asked = [("q", made.text.as_str()), ("locale", made.locale)];
    let answer = site.ask("/api/v1/search").query(&asked).send().await.unwrap().text().await.unwrap();
    assert_eq!(urls(&serde_json::from_str(&answer).unwrap()), expect, "{:?} asked of the API", made.text);
    for door in ["/search", "/search/results"] {
        let page = site.ask(&format!("{prefix}{door}")).query(&asked[..1]).send().await.unwrap().text().await.unwrap();
        let links = page.split("<a href=\"").skip(1).filter(|link| link.contains("class=\"hit-link\""));
        // Where the way goes by the server, the script knows the page itself.
        let direct = links.map(|link| link.split_once("data-url=\"").map_or(link, |(_, direct)| direct));
        let links: Vec<&str> = direct.map(|url| url.split(['"', ':']).next().unwrap().trim_end_matches('#')).collect();
        assert_eq!(links, expect, "{:?} asked at {door}", made.text);
    }
}

fn on_command_line(site: &Site, made: &Made, expect: &[String]) {
    let folder = tempfile::tempdir().unwrap();
    site::write(folder.path(), "signpost.toml", settings().as_bytes());
    let output = Command::new(env!("CARGO_BIN_EXE_signpost"))
        .args(["search", "--json", "--locale", made.locale, "--content"])
        .arg(site.content.path())
        .current_dir(folder.path())
        .args(["--", &made.text.replace('\0', " ")])
        .output()
        .unwrap();
    let answer = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(urls(&answer), expect, "{:?} asked on the command line", made.text);
}

fn urls(answer: &Value) -> Vec<String> {
    let hits = answer["hits"].as_array().unwrap_or_else(|| panic!("{answer}"));
    hits.iter().map(|hit| hit["url"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_search_is_answered_alike_at_every_door() {
    let site = serve().await;
    let mut random = fastrand::Rng::with_seed(11);
    for number in 0..QUERIES {
        let made = make(&mut random);
        let expect = found(&site, &made);
        if number % AT_DOORS == 0 {
            at_doors(&site, &made, &expect).await;
        }
        if number % ON_COMMAND_LINE == 0 {
            on_command_line(&site, &made, &expect);
        }
    }
}
