//! What is new in an answer by mail: without the mail it answers, and without the signature.
//!
//! Nothing in a mail says where its writer's words end, so this goes by the shapes that mail programs make. When in
//! doubt it keeps: agents rather read too much than miss a word, and the whole mail is kept beside it.

mod lead;
mod signature;
#[cfg(test)]
mod tests;

/// The writer's own words, never none where the mail has any: then the whole is taken.
pub fn fresh(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    let own = own(&lines);
    match own.trim() {
        "" => text.trim().to_owned(),
        own => own.to_owned(),
    }
}

fn own(lines: &[&str]) -> String {
    let lines = match lead::of_history(lines) {
        Some(at) => &lines[..at],
        None => lines,
    };
    let Some((lead, behind)) = lead::of_quote(lines) else { return answers(&[], lines) };
    let (before, quoted) = (&lines[..lead], &lines[behind..]);
    // Where nothing behind it is marked, all behind it is the quote.
    if !quoted.iter().any(|line| is_quoted(line)) {
        return signature::without(before);
    }
    answers(before, quoted)
}

/// What stands before a quote and what stands behind it or in it. Answers between the lines keep the lines they answer.
fn answers(before: &[&str], lines: &[&str]) -> String {
    let own = |line: &&str| !is_quoted(line) && !line.is_empty();
    let before = signature::without(before);
    let quoted = lines.iter().position(|line| is_quoted(line));
    let Some(quoted) = quoted else { return joined(&before, &signature::without(lines)) };
    let opening = signature::without(&lines[..quoted]);
    let behind = signature::without(&lines[quoted..]);
    let behind: Vec<_> = behind.lines().collect();
    let Some(last) = behind.iter().rposition(own) else { return joined(&before, &opening) };
    let first = behind.iter().position(own).unwrap_or(last);
    let is_between = behind[first..].iter().any(|line| is_quoted(line));
    // Without a line that says who wrote it, it is the writer who quotes.
    if before.is_empty() && !opening.is_empty() {
        return lines[..=quoted + last].join("\n");
    }
    let from = if is_between { 0 } else { first };
    joined(&joined(&before, &opening), &behind[from..=last].join("\n"))
}

fn joined(one: &str, other: &str) -> String {
    let parts = [one.trim_matches('\n'), other.trim_matches('\n')];
    parts.into_iter().filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join("\n\n")
}

fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

/// A line as it is compared: without marks of direction, with plain spaces, in small letters.
fn plain(line: &str) -> String {
    let is_mark = |letter: &char| matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '*');
    let line: String = line.chars().filter(|letter| !is_mark(letter)).collect();
    line.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
