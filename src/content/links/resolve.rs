//! Targets looked up: files first, then addresses, then old addresses.

use super::target::{Target, parse};
use super::{Resolved, Resolver};
use crate::content::{Page, PageIx, address, media};

impl Resolver<'_> {
    pub(super) fn target(&self, page: &Page, written: &str) -> Resolved {
        match parse(written, self.site_url) {
            Target::Outside(url) => Resolved::Outside(encode(url)),
            Target::Unsafe => Resolved::Unsafe,
            Target::Relative { path: "", anchor } => {
                Resolved::Here { anchor: address::decode(anchor.unwrap_or_default()) }
            }
            Target::Relative { path, anchor } => self.relative(page, path, anchor),
            Target::Site { path, anchor } => self.site(path, anchor),
        }
    }

    /// From the place of the file, as editors see it; else from the address, as browsers see it.
    fn relative(&self, page: &Page, path: &str, anchor: Option<&str>) -> Resolved {
        let folder = self.folder_of(page);
        let decoded = address::decode(path);
        let file = join(&folder, &decoded);
        let from_file = file
            .as_deref()
            .and_then(|file| self.file(file, anchor).or_else(|| self.other_language(page, file, anchor)));
        let from_address = || {
            let path = join(page.path.trim_start_matches('/'), &decoded)?;
            self.address(&path, anchor).or_else(|| self.file_link(&format!("/{path}")))
        };
        from_file
            .or_else(from_address)
            .unwrap_or_else(|| self.broken(&format!("/{}", file.unwrap_or_default()), anchor))
    }

    fn site(&self, path: &str, anchor: Option<&str>) -> Resolved {
        let decoded = address::decode(path);
        let found = self.address(&decoded, anchor).or_else(|| self.file(decoded.trim_end_matches('/'), anchor));
        found.unwrap_or_else(|| self.broken(&format!("/{path}"), anchor))
    }

    /// A file of the content folder: a page, with or without `.md`, a folder, or something beside the pages.
    fn file(&self, source: &str, anchor: Option<&str>) -> Option<Resolved> {
        let source = source.trim_end_matches('/');
        let sources = &self.plan.by_source;
        let page = sources.get(source).or_else(|| sources.get(&format!("{source}.md"))).copied();
        let page = page.or_else(|| self.plan.folder_page(source));
        page.map(|ix| self.page_link(ix, anchor)).or_else(|| self.file_link(&media::path(source)))
    }

    /// A translation may link to a page that only the default language has.
    fn other_language(&self, page: &Page, file: &str, anchor: Option<&str>) -> Option<Resolved> {
        let rest = file.strip_prefix(page.locale.as_str())?.strip_prefix('/')?;
        let default = self.plan.locales.first()?;
        self.file(rest, anchor).or_else(|| self.file(&format!("{default}/{rest}"), anchor))
    }

    fn address(&self, path: &str, anchor: Option<&str>) -> Option<Resolved> {
        let path = address::normalise(path);
        let direct = self.plan.by_path.get(&path).copied();
        direct
            .map(|ix| self.page_link(ix, anchor))
            .or_else(|| self.redirected(&path, anchor))
            .or_else(|| self.file_link(&path))
    }

    fn redirected(&self, path: &str, anchor: Option<&str>) -> Option<Resolved> {
        let to = self.plan.redirects.get(path)?;
        let (path, own) = to.split_once('#').map_or((to.as_str(), None), |(path, anchor)| (path, Some(anchor)));
        self.plan.by_path.get(path).map(|ix| self.page_link(*ix, anchor.or(own)))
    }

    /// `[[Title]]`, `[[file]]`, `[[folder/file#anchor]]`.
    pub(super) fn wiki(&self, page: &Page, written: &str) -> Resolved {
        let (name, anchor) =
            written.split_once('#').map_or((written, None), |(name, anchor)| (name, Some(address::anchor(anchor))));
        let name = name.trim();
        let anchor = anchor.as_deref();
        if name.is_empty() {
            return Resolved::Here { anchor: anchor.unwrap_or_default().to_owned() };
        }
        let by_title = self.by_title(page, name).map(|ix| self.page_link(ix, anchor));
        by_title.unwrap_or_else(|| match self.relative(page, name, anchor) {
            Resolved::Broken { .. } => self.site(name, anchor),
            found => found,
        })
    }

    /// In the page's own language if it can be.
    fn by_title(&self, page: &Page, title: &str) -> Option<PageIx> {
        let found = self.plan.by_title.get(&title.to_lowercase())?;
        found.iter().find(|ix| self.plan.page(**ix).locale == page.locale).or_else(|| found.first()).copied()
    }

    fn broken(&self, path: &str, anchor: Option<&str>) -> Resolved {
        let source = path.trim_matches('/');
        let names = [source.to_owned(), format!("{source}.md"), format!("{source}/index.md")];
        let unserved = names.iter().find_map(|name| self.plan.unserved.get(name));
        let reason = match unserved {
            Some(reason) => format!("{source} is {reason}"),
            None => format!("there is nothing at {path}"),
        };
        let hash = anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default();
        Resolved::Broken { href: address::href(self.base, path) + &hash, reason }
    }

    fn folder_of(&self, page: &Page) -> String {
        match &self.plan.files[page.ix.index()] {
            Some(file) => address::place(&file.source).folder.to_owned(),
            None => page.source.clone(),
        }
    }
}

/// `None` when `..` leads out of the root.
fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// What a URL may not hold as it is; what is encoded already stays.
fn encode(url: &str) -> String {
    url.chars()
        .map(|c| match c {
            ' ' => "%20".to_owned(),
            '"' => "%22".to_owned(),
            '<' => "%3C".to_owned(),
            '>' => "%3E".to_owned(),
            c => c.to_string(),
        })
        .collect()
}
