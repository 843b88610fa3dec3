//! Languages: their own names, the direction they are written in.

use app::model::Direction;

/// Languages by BCP 47 primary subtag, each under the name its speakers give it.
const NAMES: &[(&str, &str)] = &[
    ("ar", "العربية"),
    ("bg", "Български"),
    ("ca", "Català"),
    ("cs", "Čeština"),
    ("da", "Dansk"),
    ("de", "Deutsch"),
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("es", "Español"),
    ("et", "Eesti"),
    ("fa", "فارسی"),
    ("fi", "Suomi"),
    ("fr", "Français"),
    ("he", "עברית"),
    ("hi", "हिन्दी"),
    ("hr", "Hrvatski"),
    ("hu", "Magyar"),
    ("id", "Bahasa Indonesia"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("lt", "Lietuvių"),
    ("lv", "Latviešu"),
    ("nb", "Norsk bokmål"),
    ("nl", "Nederlands"),
    ("no", "Norsk"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("ro", "Română"),
    ("ru", "Русский"),
    ("sk", "Slovenčina"),
    ("sl", "Slovenščina"),
    ("sv", "Svenska"),
    ("th", "ไทย"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("vi", "Tiếng Việt"),
    ("zh", "中文"),
];

const RIGHT_TO_LEFT: &[&str] = &["ar", "arc", "ckb", "dv", "fa", "he", "ps", "syr", "ur", "yi"];

fn language(locale: &str) -> &str {
    locale.split('-').next().unwrap_or(locale)
}

/// The language's own name, with its region where the tag has one; the tag itself where we know no name.
pub fn name(locale: &str) -> String {
    let Some((_, name)) = NAMES.iter().find(|(tag, _)| *tag == language(locale)) else { return locale.to_owned() };
    match locale.split_once('-') {
        Some((_, region)) => format!("{name} ({region})"),
        None => (*name).to_owned(),
    }
}

pub fn direction(locale: &str) -> Direction {
    if RIGHT_TO_LEFT.contains(&language(locale)) { Direction::Rtl } else { Direction::Ltr }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_has_its_own_name() {
        let check = |locale: &str, expect: &str| assert_eq!(name(locale), expect);
        check("de", "Deutsch");
        check("pt-BR", "Português (BR)");
        check("tlh", "tlh");
    }

    #[test]
    fn some_languages_run_from_right_to_left() {
        assert_eq!(direction("ar"), Direction::Rtl);
        assert_eq!(direction("fa-IR"), Direction::Rtl);
        assert_eq!(direction("de"), Direction::Ltr);
    }
}
