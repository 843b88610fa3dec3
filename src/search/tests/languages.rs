//! Words as each language bends them, and scripts that write no spaces.

use super::*;

/// A page in `locale` that holds `sentence` is found by `typed`, and by nothing else.
fn check(locale: &str, sentence: &str, typed: &[&str], others: &[&str]) {
    let page = in_locale(Page::for_test("/page", "—", sentence), locale);
    let site = Site::of(vec![page, in_locale(Page::for_test("/other", "—", "0"), locale)]);
    let ladder = Ladder { typos: false, meaning: false, ..Ladder::default() };
    let found = |text: &str| site.ask(&Query { ladder, ..query(text) }).total;
    for text in typed {
        assert_eq!(found(text), 1, "{text:?} in {locale}");
    }
    for text in others {
        assert_eq!(found(text), 0, "{text:?} in {locale}");
    }
}

#[test]
fn words_are_found_by_their_other_forms() {
    check("en", "Restoring deleted invoices", &["restore ", "delete invoice "], &["restaurant "]);
    check("de", "Gelöschte Rechnungen wiederherstellen", &["gelöscht ", "Rechnung ", "RECHNUNGEN "], &[]);
    check("fr", "Réinitialiser les mots de passe oubliés", &["reinitialiser ", "mot oublie ", "oubliée "], &[]);
    check("es", "Restablecer las contraseñas olvidadas", &["contraseña ", "olvidada "], &["contrasena "]);
    check("pt", "Recuperar senhas e configurações", &["senha ", "configuração "], &[]);
    check("it", "Reimpostare le password e gli indirizzi", &["indirizzo ", "reimposta "], &[]);
    check("nl", "Instellingen van rekeningen wijzigen", &["instelling ", "rekening "], &[]);
    check("sv", "Återställa lösenorden", &["lösenord ", "återställ "], &["losenord "]);
    check("da", "Gendanne adgangskoderne", &["adgangskode "], &[]);
    check("nb", "Gjenopprette passordene", &["passord "], &[]);
    check("fi", "Palauta salasanat asetuksista", &["asetukset "], &[]);
    check("ru", "Восстановление файлов и настроек", &["файлы ", "восстановления "], &[]);
    check("ar", "استعادة كلمات المرور من الإعدادات", &["الاعدادات ", "كلمات ", "مرور "], &[]);
    check("tr", "Şifrelerinizi ayarlardan değiştirin", &["şifreler ", "ayarlar "], &["sifreler "]);
}

#[test]
fn scripts_without_spaces_are_found_by_any_word_in_them() {
    check("zh", "从备份快照中恢复数据", &["快照", "恢复数据", "备份", "据", "快", "恢复 快照"], &["猫"]);
    check("ja", "バックアップからデータを復元する方法", &["復元", "データ", "方法", "法", "復元する"], &["犬"]);
    check("ko", "백업에서 데이터를 복원하는 방법", &["데이터", "복원", "방법", "백업"], &["개"]);
    check("th", "กู้คืนข้อมูลสำรองจากการตั้งค่า", &["ข้อมูล", "กู้คืน", "การตั้งค่า", "สำรอง"], &[]);
}

#[test]
fn several_languages_in_one_text_are_each_cut_as_they_are_written() {
    check("ja", "API キーを settings.json に保存", &["apiキー", "settings", "キー 保存"], &[]);
    check("th", "ตั้งค่า Wi-Fi ใหม่", &["wifi", "ตั้งค่า wi-fi"], &[]);
}
