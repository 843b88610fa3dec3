//! What looks personal or secret in a reader's words, taken out before they are kept.

/// Every mask begins with it; a query holds none of its own.
pub const BEGINS: &str = "[";

const MASKS: [&str; 3] = ["[email]", "[number]", "[key]"];

/// So many digits in a row, however grouped, may be somebody's telephone, card or account.
const MANY_DIGITS: usize = 7;
/// A word so long of letters and digits may be a key.
const LONG: usize = 20;

/// A query as it is counted: lower case, and masked as [`words`] does.
pub fn normalised(query: &str) -> String {
    words(&query.to_lowercase().replace(['[', ']'], " "))
}

/// `text` masked, if something in it must be.
pub fn masked(text: &str) -> Option<String> {
    // Whoever has neither digits nor an @ has nothing to hide.
    let suspicious = text.contains('@') || text.chars().any(char::is_numeric);
    let masked = suspicious.then(|| words(text))?;
    MASKS.iter().any(|mask| masked.contains(mask)).then_some(masked)
}

/// One space between words, and `[email]`, `[number]` and `[key]` in place of what looks like one.
fn words(text: &str) -> String {
    let mut masked: Vec<String> = Vec::new();
    // Numbers are written in groups, so neighbouring words of digits are looked at as one.
    let mut digits: Vec<&str> = Vec::new();
    for word in text.split_whitespace() {
        if word.chars().all(|letter| letter.is_numeric() || "+-–./()".contains(letter)) {
            digits.push(word);
            continue;
        }
        masked.extend(numbers(&mut digits));
        masked.push(masked_word(word));
    }
    masked.extend(numbers(&mut digits));
    masked.join(" ")
}

fn numbers(words: &mut Vec<&str>) -> Vec<String> {
    let words = std::mem::take(words);
    match words.iter().map(|word| count_digits(word)).sum::<usize>() {
        MANY_DIGITS.. => vec![MASKS[1].to_owned()],
        _ => words.into_iter().map(str::to_owned).collect(),
    }
}

fn masked_word(word: &str) -> String {
    let digits = count_digits(word);
    let (before, behind) = word.split_once('@').unwrap_or_default();
    if !before.is_empty() && behind.contains('.') {
        MASKS[0].to_owned()
    } else if word.chars().count() >= LONG && digits > 0 {
        MASKS[2].to_owned()
    } else if digits >= MANY_DIGITS {
        MASKS[1].to_owned()
    } else {
        word.to_owned()
    }
}

fn count_digits(word: &str) -> usize {
    word.chars().filter(|letter| letter.is_numeric()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(query: &str, expect: &str) {
        assert_eq!(normalised(query), expect, "{query}");
    }

    #[test]
    fn what_names_a_person_is_masked() {
        check("Invoice of Jo.Doe+x@Example.co.uk please", "invoice of [email] please");
        check("call +49 (30) 1234-567 now", "call [number] now");
        check("4111 1111 1111 1111", "[number]");
        check("card 4111-1111-1111-1111 declined", "card [number] declined");
        check("iban de89370400440532013000", "iban [key]");
        check("٠٣٠ ١٢٣٤٥٦٧", "[number]");
        check("token sk_live_4eC39HqLyjWDarjtT1zdp7dc", "token [key]");
        check("order A12345678", "order [number]");
    }

    #[test]
    fn only_what_must_be_masked_is_written_anew() {
        let check = |text: &str, expect: Option<&str>| assert_eq!(masked(text).as_deref(), expect, "{text}");
        check("Nothing  personal,\nin two lines", None);
        check("Write to Jo@example.com\nor call 030 1234567", Some("Write to [email] or call [number]"));
    }

    #[test]
    fn what_readers_look_for_stays() {
        check("  Error 404\tin 2.11.0 ", "error 404 in 2.11.0");
        check("settings.json maxRetries=10", "settings.json maxretries=10");
        check("@mention someone", "@mention someone");
        check("[email]", "email");
        check("", "");
    }
}
