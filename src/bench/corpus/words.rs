//! The words of a made-up language: as unevenly frequent as in a real one, some with endings, some a slip of the
//! finger away from others.

/// Words that say nothing, the commonest of English: search knows them as such.
const FUNCTION: [&str; 40] = [
    "the", "of", "and", "to", "in", "a", "is", "for", "that", "on", "with", "as", "by", "this", "be", "are", "it",
    "from", "or", "an", "at", "not", "can", "you", "your", "when", "if", "which", "will", "have", "has", "all", "more",
    "was", "but", "into", "its", "they", "there", "then",
];
/// From this word on some are near to others.
const VARIED: usize = 300;
/// A text of so many pages has about so many different words.
const USUAL: (u64, f64) = (1_758, 6_000.0);

/// Numbers that look random and come in the same order each time (SplitMix64, Steele et al., 2014).
pub struct Numbers(pub u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn share(&mut self) -> f64 {
        self.below(1 << 20) as f64 / f64::from(1 << 20)
    }
}

pub struct Vocabulary(Vec<String>);

impl Vocabulary {
    /// The different words of so many pages: they grow as the root of the text (Heaps' law).
    pub fn of(pages: u64) -> Self {
        let size = (USUAL.1 * (pages as f64 / USUAL.0 as f64).sqrt()).max(1_000.0) as usize;
        let mut words: Vec<String> = FUNCTION.map(str::to_owned).to_vec();
        while words.len() < size {
            words.push(next(&words));
        }
        Self(words)
    }

    /// The nth of them about 1/n as often as the first (Zipf).
    pub fn word(&self, numbers: &mut Numbers) -> &str {
        self.at((self.0.len() as f64).powf(numbers.share()) as usize - 1)
    }

    /// As unevenly, but one that says something.
    pub fn telling(&self, numbers: &mut Numbers) -> &str {
        let least = (FUNCTION.len() as f64).ln() / (self.0.len() as f64).ln();
        self.at((self.0.len() as f64).powf(least + (1.0 - least) * numbers.share()) as usize)
    }

    /// One of those that say something, by its place among them.
    pub fn label(&self, number: u64) -> &str {
        self.at(FUNCTION.len() + number as usize)
    }

    pub fn words(&self, numbers: &mut Numbers, count: u64) -> String {
        join((0..count).map(|_| self.word(numbers)))
    }

    pub fn title(&self, numbers: &mut Numbers) -> String {
        join((0..3).map(|_| self.telling(numbers)))
    }

    fn at(&self, number: usize) -> &str {
        &self.0[number.min(self.0.len() - 1)]
    }
}

fn join<'w>(words: impl Iterator<Item = &'w str>) -> String {
    words.collect::<Vec<_>>().join(" ")
}

/// The word after these: of its own, an inflection of an earlier one, or one letter away from it.
fn next(words: &[String]) -> String {
    let number = words.len();
    match number % 8 {
        _ if number < VARIED => spell(number),
        1 | 3 => words[number / 2].clone() + ["s", "ed", "ing"][number / 8 % 3],
        5 => slip(&words[number / 3], number / 8),
        _ => spell(number),
    }
}

/// A few syllables, more of them for rarer words, some of them commoner than others: as many words begin alike as in
/// a real language, and few are near to each other by chance.
fn spell(number: usize) -> String {
    const ONSETS: [&str; 18] =
        ["r", "s", "t", "c", "p", "d", "m", "b", "l", "f", "n", "v", "g", "h", "tr", "st", "qu", "z"];
    const RHYMES: [&str; 9] = ["e", "a", "o", "i", "u", "en", "or", "al", "is"];
    let mut numbers = Numbers(number as u64);
    let mut pick = |from: &[&'static str]| from[(numbers.share().powf(1.3) * from.len() as f64) as usize];
    let syllables = [2, 3, 4][usize::from(number >= 150) + usize::from(number >= 8_000)];
    (0..syllables).map(|_| [pick(&ONSETS), pick(&RHYMES)].concat()).collect()
}

/// `word`, of ASCII letters, as if typed in haste: two letters swapped, one left out, twice, or another. `choice`
/// says which and where.
pub fn slip(word: &str, choice: usize) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = choice / 4 % letters.len().saturating_sub(1).max(1);
    match choice % 4 {
        0 if letters.len() > 1 => letters.swap(at, at + 1),
        1 if letters.len() > 1 => drop(letters.remove(at)),
        2 => letters.insert(at, letters[at]),
        _ => letters[at] = char::from(b'a' + (choice * 7 % 26) as u8),
    }
    letters.into_iter().collect()
}
