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

/// Digits of a payment card (ISO/IEC 7812-1).
const CARD: std::ops::RangeInclusive<usize> = 13..=19;

/// `text` with the numbers of payment cards taken out but for their last four digits, however grouped. Whoever writes
/// one to a person did not mean it to be kept.
pub fn cards(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|letter: char| letter.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        masked.push_str(before);
        let end = from.find(|letter: char| !letter.is_ascii_digit() && !" -".contains(letter)).unwrap_or(from.len());
        let run = from[..end].trim_end_matches([' ', '-']);
        let digits: Vec<u8> = run.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect();
        match CARD.contains(&digits.len()) && checks(&digits) {
            true => {
                masked.push_str("[card …");
                masked.extend(digits[digits.len() - 4..].iter().map(|digit| char::from(digit + b'0')));
                masked.push(']');
            }
            false => masked.push_str(run),
        }
        rest = &from[run.len()..];
    }
    masked + rest
}

/// Is its last digit the check of the others (ISO/IEC 7812-1, annex B)?
fn checks(digits: &[u8]) -> bool {
    let doubled = |(place, digit): (usize, &u8)| match place % 2 {
        0 => u32::from(*digit),
        _ => u32::from(*digit) * 2 - if *digit > 4 { 9 } else { 0 },
    };
    digits.iter().rev().enumerate().map(doubled).sum::<u32>() % 10 == 0
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
    fn numbers_of_cards_are_taken_out_of_a_text_that_is_kept() {
        let check = |text: &str, expect: &str| assert_eq!(cards(text), expect, "{text}");
        check("My card 4111 1111 1111 1111,\nplease", "My card [card …1111],\nplease");
        check("5555-5555-5555-4444", "[card …4444]");
        check("378282246310005 and 2.5", "[card …0005] and 2.5");
        check("4111 1111 1111 1112", "4111 1111 1111 1112");
        check("Order 12345678, call +49 30 1234567 – ✓", "Order 12345678, call +49 30 1234567 – ✓");
        check("", "");
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
