//! What looks personal or secret in a query, taken out before the query is kept.

/// Every mask begins with it; a query holds none of its own.
pub const BEGINS: &str = "[";

/// So many digits in a row, however grouped, may be somebody's telephone, card or account.
const MANY_DIGITS: usize = 7;
/// A word so long of letters and digits may be a key.
const LONG: usize = 20;

/// Lower case, one space between words, and masked: `[email]`, `[number]`, `[key]`.
pub fn normalised(query: &str) -> String {
    let lower = query.to_lowercase().replace(['[', ']'], " ");
    let mut masked: Vec<String> = Vec::new();
    // Numbers are written in groups, so neighbouring words of digits are looked at as one.
    let mut digits: Vec<&str> = Vec::new();
    for word in lower.split_whitespace() {
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
        MANY_DIGITS.. => vec!["[number]".to_owned()],
        _ => words.into_iter().map(str::to_owned).collect(),
    }
}

fn masked_word(word: &str) -> String {
    let digits = count_digits(word);
    let (before, behind) = word.split_once('@').unwrap_or_default();
    if !before.is_empty() && behind.contains('.') {
        "[email]".to_owned()
    } else if word.chars().count() >= LONG && digits > 0 {
        "[key]".to_owned()
    } else if digits >= MANY_DIGITS {
        "[number]".to_owned()
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
    fn what_readers_look_for_stays() {
        check("  Error 404\tin 2.11.0 ", "error 404 in 2.11.0");
        check("settings.json maxRetries=10", "settings.json maxretries=10");
        check("@mention someone", "@mention someone");
        check("[email]", "email");
        check("", "");
    }
}
