//! Every page gets one address of its own; whoever comes too late still gets one.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{Locales, Plan, address, folder_page, folders_of, page_of};
use crate::content::file::File;
use crate::content::{PageIx, Problem};

impl Plan {
    pub(super) fn place(&mut self, files: &[Arc<File>], locales: &Locales) {
        let mut taken: HashMap<String, String> = HashMap::new();
        let mut placed = Vec::new();
        for file in files {
            let (locale, rest) = locales.of(file);
            let usual = locales.prefix(locale, &address::file_path(rest, file.matter.slug.as_deref()));
            let wanted = file.matter.permalink.as_deref().map_or_else(|| usual.clone(), address::normalise);
            let plain = locales.prefix(locale, &address::file_path(rest, None));
            let Some(path) = self.claim(&taken, file, locale, locales, [wanted, usual, plain]) else {
                continue;
            };
            taken.insert(path.clone(), file.source.clone());
            placed.push((page_of(file, path, locale.to_owned(), key(rest)), Some(Arc::clone(file))));
        }
        let places = files.iter().map(|file| address::place(&file.source));
        let described: HashSet<&str> = places.filter(|place| place.name.is_none()).map(|place| place.folder).collect();
        let aliases: HashSet<String> =
            files.iter().flat_map(|file| file.matter.old_addresses()).map(address::normalise).collect();
        for folder in folders_of(files.iter().map(|file| file.source.as_str())) {
            let (locale, rest) = locales.split(folder);
            let path = locales.prefix(locale, &address::folder_path(rest));
            if !described.contains(folder)
                && !aliases.contains(&path)
                && !taken.contains_key(&path)
                && address::reserved(&path, locales.names()).is_none()
            {
                taken.insert(path.clone(), folder.to_owned());
                placed.push((folder_page(folder, path, locale.to_owned(), rest.to_owned()), None));
            }
        }
        placed.sort_by(|(a, _), (b, _)| a.source.cmp(&b.source));
        for (number, (mut page, file)) in placed.into_iter().enumerate() {
            page.ix = PageIx(u32::try_from(number).expect("fewer than 2^32 pages"));
            self.pages.push(page);
            self.files.push(file);
        }
    }

    /// The first free one of the addresses a page could have; a problem for each that it could not.
    fn claim(
        &mut self,
        taken: &HashMap<String, String>,
        file: &File,
        locale: &str,
        locales: &Locales,
        mut wanted: [String; 3],
    ) -> Option<String> {
        let mut refused: Vec<&str> = Vec::new();
        let plain = wanted[2].clone();
        for path in &mut wanted {
            if refused.contains(&path.as_str()) {
                continue;
            }
            match refusal(taken, file, path, locale, locales) {
                None => return Some(std::mem::take(path)),
                Some(problem) => self.problems.push(problem),
            }
            refused.push(path);
        }
        let free = |path: &String| !taken.contains_key(path);
        (2..1000).map(|number| format!("{plain}-{number}")).find(free).filter(|path| {
            address::reserved(path, locales.names()).is_none() && address::reserved(&plain, locales.names()).is_none()
        })
    }
}

fn refusal(
    taken: &HashMap<String, String>,
    file: &File,
    path: &str,
    locale: &str,
    locales: &Locales,
) -> Option<Problem> {
    if let Some(word) = address::reserved(path, locales.names()) {
        let message = format!("The address {path} begins with `{word}`, which the site needs for itself.");
        return Some(Problem::error(
            "reserved-path",
            &file.source,
            message,
            "Rename the file or folder, or give it another `slug` or `permalink`.",
        ));
    }
    if let Some(other) = taken.get(path) {
        let message = format!("The address {path} is already that of {other}.");
        return Some(Problem::error(
            "duplicate-path",
            &file.source,
            message,
            "Give one of them another `slug` or `permalink`.",
        ));
    }
    let (other, _) = locales.split(path.trim_start_matches('/'));
    if other != locale && other != locales.default() {
        let message = format!("The address {path} lies under the language `{other}`, and the page is in `{locale}`.");
        return Some(Problem::error(
            "locale-path",
            &file.source,
            message,
            "Give it another `permalink`, or move it to that language.",
        ));
    }
    None
}

/// Joins translations: the source path without locale; a folder and its `index.md` are one.
fn key(rest: &str) -> String {
    let place = address::place(rest);
    match (place.folder, place.name) {
        (folder, None) => folder.to_owned(),
        ("", Some(name)) => name.to_owned(),
        (folder, Some(name)) => format!("{folder}/{name}"),
    }
}

/// A lasting id in `[a-z0-9-]+`. What ASCII cannot say is told apart by a hash.
pub(super) fn id(said: Option<&str>, source: &str) -> String {
    let text = said.unwrap_or_else(|| source.strip_suffix(".md").unwrap_or(source));
    let ascii: String = text.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let parts: Vec<&str> = ascii.split('-').filter(|part| !part.is_empty()).collect();
    let plain = parts.join("-");
    if said.is_some() && !plain.is_empty() || text.is_ascii() && !plain.is_empty() {
        return plain;
    }
    let hash = blake3::hash(text.as_bytes()).to_hex();
    let parts = [plain.as_str(), &hash[..8]];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

impl Plan {
    /// The page that stands for a folder: its `index.md`; one made of nothing, or that took its address; `x.md`
    /// beside `x/`, `x/x.md` inside.
    pub(in crate::content) fn folder_page(&self, folder: &str) -> Option<PageIx> {
        let described = ["index.md", "README.md", "readme.md", "Index.md", "Readme.md"].iter().find_map(|name| {
            let source = if folder.is_empty() { (*name).to_owned() } else { format!("{folder}/{name}") };
            self.by_source.get(&source).filter(|ix| self.files[ix.index()].is_some())
        });
        let by_address = || {
            let path = address::folder_path(folder);
            self.by_path.get(self.redirects.get(&path).unwrap_or(&path))
        };
        described
            .or_else(|| self.by_source.get(folder))
            .or_else(|| self.by_source.get(&format!("{folder}.md")))
            .or_else(by_address)
            .copied()
    }
}
