//! What mail programs and people put below what they write.

use super::plain;

/// Beginning and end of the line that a phone or a program adds, in small letters.
const ADDED: [(&str, &str); 31] = [
    ("sent from my ", ""),
    ("sent from mail for windows", ""),
    ("sent from outlook", ""),
    ("sent from yahoo mail", ""),
    ("sent from proton", ""),
    ("sent with proton", ""),
    ("get outlook for ", ""),
    ("von meinem ", "gesendet"),
    ("von meinem ", "gesendet."),
    ("gesendet von meinem ", ""),
    ("gesendet mit der ", " app"),
    ("gesendet von mail für windows", ""),
    ("gesendet von outlook", ""),
    ("diese nachricht wurde von meinem ", "gesendet."),
    ("holen sie sich outlook", ""),
    ("outlook für ios", "beziehen"),
    ("outlook für android", "beziehen"),
    ("envoyé de mon ", ""),
    ("envoyé depuis mon ", ""),
    ("envoyé depuis l", ""),
    ("envoyé à partir de ", ""),
    ("obtenir outlook", ""),
    ("télécharger outlook", ""),
    ("enviado desde mi ", ""),
    ("enviado desde outlook", ""),
    ("enviado desde yahoo", ""),
    ("obtener outlook", ""),
    ("descargar outlook", ""),
    ("أُرسلت من ", ""),
    ("أرسلت من ", ""),
    ("تم الإرسال من ", ""),
];
/// Lines with words, from the end, among which such a line is looked for.
const LAST: usize = 2;
/// The most characters of such a line, and lines of a signature: what is longer was written for this mail.
const LONGEST_LINE: usize = 60;
const LONGEST: usize = 15;

/// The lines above the signature (RFC 3676, section 4.3), as one text.
pub fn without(lines: &[&str]) -> String {
    let is_mark = |(at, line): (usize, &&str)| *line == "--" && lines.len() - at <= LONGEST + 1;
    let end = lines.iter().enumerate().position(is_mark).unwrap_or(lines.len());
    let lines = &lines[..end];
    let spoken = lines.iter().enumerate().rev().filter(|(_, line)| !line.is_empty()).take(LAST);
    let added = spoken.filter(|(_, line)| is_added(line)).map(|(at, _)| at).min();
    lines[..added.unwrap_or(lines.len())].join("\n").trim_matches('\n').to_owned()
}

fn is_added(line: &str) -> bool {
    let line = plain(line);
    line.chars().count() <= LONGEST_LINE
        && ADDED.iter().any(|(start, end)| line.starts_with(start) && line.ends_with(end))
}
