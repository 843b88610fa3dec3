//! The lines with which mail programs begin what they quote.

use super::{is_quoted, plain};

/// Beginning, a word within, and end of the line before a quote, in small letters: `On … wrote:`.
const WROTE: [(&str, &str, &str); 11] = [
    ("on ", "", "wrote:"),
    ("am ", " schrieb", ":"),
    ("le ", "", "a écrit :"),
    ("le ", "", "a écrit:"),
    ("el ", "", "escribió:"),
    ("في ", "كتب", ":"),
    ("في ", "كتابة", ":"),
    ("بتاريخ ", "كتب", ":"),
    ("il ", "", "ha scritto:"),
    ("op ", " schreef", ":"),
    ("em ", "", "escreveu:"),
];
/// The same of lines that begin with a name, which are not wrapped.
const NAMED: [(&str, &str); 7] = [
    ("@", "wrote:"),
    (" wrote on ", ":"),
    ("@", "schrieb:"),
    (" schrieb am ", ":"),
    ("@", "a écrit :"),
    ("@", "escribió:"),
    (" escribió el ", ":"),
];
/// The most lines that such a line is wrapped into.
const WRAPPED: usize = 4;

/// Of what a whole mail below begins with.
const ORIGINAL: [&str; 9] = [
    "original message",
    "ursprüngliche nachricht",
    "originalnachricht",
    "message d'origine",
    "message original",
    "mensaje original",
    "الرسالة الأصلية",
    "messaggio originale",
    "oorspronkelijk bericht",
];

/// Of a mail that its writer hands on: it is what they want read.
const FORWARDED: [&str; 9] = [
    "forwarded message",
    "forwarded by",
    "begin forwarded message",
    "weitergeleitete nachricht",
    "anfang der weitergeleiteten",
    "message transféré",
    "début du message",
    "mensaje reenviado",
    "رسالة معاد توجيهها",
];

/// Names of the sender's line, and of the lines below it, as Outlook writes the head of a mail.
const FROM: [&str; 8] = ["from", "von", "de", "من", "da", "van", "od", "fra"];
const BELOW: [&str; 29] = [
    "sent",
    "date",
    "to",
    "cc",
    "subject",
    "gesendet",
    "datum",
    "an",
    "betreff",
    "envoyé",
    "à",
    "objet",
    "enviado",
    "enviado el",
    "fecha",
    "para",
    "asunto",
    "تم الإرسال",
    "تاريخ الإرسال",
    "أُرسلت",
    "التاريخ",
    "إلى",
    "الموضوع",
    "inviato",
    "oggetto",
    "verzonden",
    "aan",
    "onderwerp",
    "assunto",
];

/// Where a mail below begins that is not marked line by line, as Outlook appends it.
pub fn of_history(lines: &[&str]) -> Option<usize> {
    let at = (0..lines.len()).find(|&at| is_original(lines[at]) || is_head(lines, at))?;
    let above = lines[..at].iter().rposition(|line| !line.is_empty());
    let Some(above) = above else { return Some(at) };
    if is_forwarded(lines[above]) {
        return None;
    }
    Some(if is_rule(lines[above]) { above } else { at })
}

/// Where the line before a quote begins, and where what it quotes does.
pub fn of_quote(lines: &[&str]) -> Option<(usize, usize)> {
    let wrapped = (0..lines.len()).find_map(|at| Some((at, at + wrapped(&lines[at..])?)));
    let named = lines.iter().position(|line| is_prose(line) && is_named(&plain(line))).map(|at| (at, at + 1));
    [wrapped, named].into_iter().flatten().min_by_key(|(_, behind)| *behind)
}

/// How many lines the one before a quote takes that begins here.
fn wrapped(lines: &[&str]) -> Option<usize> {
    let prose = lines.iter().take(WRAPPED).take_while(|line| is_prose(line)).count();
    (1..=prose).find(|length| is_wrote(&plain(&lines[..*length].join(" "))))
}

fn is_prose(line: &str) -> bool {
    !line.is_empty() && !is_quoted(line)
}

fn is_wrote(line: &str) -> bool {
    let fits = |(start, within, end): &(&str, &str, &str)| {
        line.starts_with(start) && line.contains(within) && line.ends_with(end)
    };
    names_somebody(line) && WROTE.iter().any(fits)
}

fn is_named(line: &str) -> bool {
    names_somebody(line) && NAMED.iter().any(|(within, end)| line.contains(within) && line.ends_with(end))
}

/// It names a day or an address: who tells what somebody wrote does not.
fn names_somebody(line: &str) -> bool {
    line.contains(|letter: char| letter.is_numeric() || letter == '@')
}

fn is_original(line: &str) -> bool {
    let line = plain(line).replace('’', "'");
    line.starts_with("--") && line.ends_with("--") && ORIGINAL.iter().any(|words| line.contains(words))
}

fn is_forwarded(line: &str) -> bool {
    let line = plain(line);
    FORWARDED.iter().any(|words| line.contains(words))
}

/// Two further lines of a head within the next five.
fn is_head(lines: &[&str], at: usize) -> bool {
    let begins_with = |line: &str, names: &[&str]| {
        let line = plain(line);
        line.split_once(':').is_some_and(|(name, value)| names.contains(&name.trim()) && !value.trim().is_empty())
    };
    let below = lines.iter().skip(at + 1).take(5).filter(|line| begins_with(line, &BELOW));
    begins_with(lines[at], &FROM) && below.count() >= 2
}

/// A line across.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.chars().count() >= 5 && line.chars().all(|letter| matches!(letter, '_' | '-' | '—' | '─'))
}
