//! Whatever is asked: an answer, no panic, and nothing that escapes its mark.

use proptest::prelude::*;

use super::*;

#[test]
fn ten_thousand_characters_are_shortened() {
    let site = backup_site();
    for text in ["snapshot ".repeat(1_200), "x".repeat(10_000), "字".repeat(10_000), "a.".repeat(5_000)] {
        let results = site.text(&text);
        assert!(matches!(results.notices[0], Notice::QueryShortened { .. }), "{:?}", results.notices);
        assert!(results.query.chars().count() <= 200);
    }
}

#[test]
fn letters_of_every_plane_are_answered() {
    let site = backup_site();
    for plane in 0..=16u32 {
        for low in (0..0x1_0000u32).step_by(509) {
            let Some(letter) = char::from_u32(plane << 16 | low) else {
                continue;
            };
            let results = site.text(&format!("{letter}snapshot{letter}{letter} {letter}"));
            assert!(results.total <= 3, "{letter:?}");
        }
    }
}

#[test]
fn letters_that_fold_to_a_space_and_more_are_answered() {
    let site = Site::of(vec![Page::for_test("/page", "Page", "One \u{37a} two \u{fdfa} three.")]);
    for text in ["\u{37a}", "\u{fdfa}", "\u{37a} two", "one\u{37a}"] {
        assert!(site.text(text).total <= 1, "{text}");
    }
}

#[test]
fn words_of_every_script_find_their_page() {
    let sentences = [
        ("en", "Restore the naïve café backup"),
        ("de", "Größere Dateien löschen"),
        ("ru", "Восстановление снимка ещё раз"),
        ("ar", "استعادة النسخة الاحتياطية"),
        ("th", "กู้คืนข้อมูลสำรอง"),
        ("zh", "恢复备份快照"),
        ("ja", "バックアップを復元する"),
        ("ko", "백업을 복원하는 방법"),
        ("hi", "बैकअप पुनर्स्थापित करें"),
    ];
    for (locale, sentence) in sentences {
        let page = in_locale(Page::for_test("/page", "Page", sentence), locale);
        let site = Site::of(vec![page, in_locale(Page::for_test("/other", "Other", "nothing"), locale)]);
        for word in sentence.split(' ') {
            let results = site.text(word);
            assert_eq!(urls(&results), ["/help/page"], "{word} in {locale}");
            assert!(results.hits[0].snippet.0.iter().any(|span| span.matched), "{word} in {locale}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_finds_itself(text in "\\PC{0,300}", asked in "\\PC{0,80}") {
        let snapshot = Snapshot::for_test(vec![Page::for_test("/page", "Page", &text)]);
        let index = Index::open(None, &snapshot, &Settings::default(), "").unwrap();
        let ask = |text: &str| search(&index, &snapshot, &identity::anonymous(), &query(text));
        for hit in ask(&asked).hits.iter().chain(&ask(&text).hits) {
            let html = hit.snippet.html();
            prop_assert!(!html.replace("<mark>", "").replace("</mark>", "").contains(['<', '>']), "{html}");
        }
        let first: Option<&str> = text.split(' ').find(|word| word.chars().any(char::is_alphanumeric) && word.len() < 60);
        if let Some(word) = first {
            prop_assert_eq!(ask(word).total, 1, "{}", word);
        }
    }
}
