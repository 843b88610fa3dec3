//! Page data from the snapshot: what a viewer may see of a page and its surroundings.

use app::model::{
    ArticleLink, ArticlePage, CategoryCard, CategoryPage, Crumb, FallbackNotice, Heading, HomePage, NavItem, TagLink,
    Updated,
};
use app::words::Words;

use super::{feedback, frame, locale, questions, structured};
use crate::Help;
use crate::content::{Kind, Page, View};

/// Articles named on a category's card.
const FIRST: usize = 4;
/// Articles in a list on the home page.
const PICKED: usize = 6;

/// The whole HTML document of `page` for readers of `locale`.
pub fn page(help: &Help, view: View, page: &Page, locale: &str) -> String {
    let fill = Fill { help, view, locale };
    let crumbs = fill.crumbs(page);
    let frame = frame::of_page(help, view, page, locale, structured::of_page(help, page, &crumbs));
    if view.home(&page.locale).is_some_and(|home| home.ix == page.ix) {
        return app::pages::home(&frame, &fill.home(page));
    }
    match page.kind {
        Kind::Article => app::pages::article(&frame, &fill.article(page, crumbs)),
        Kind::Category => app::pages::category(&frame, &fill.category(page, crumbs)),
    }
}

/// The page's Markdown, with its title where the text does not begin with one.
pub fn markdown(page: &Page) -> String {
    let text = page.prose.markdown.trim_start();
    if text.starts_with("# ") { text.to_owned() } else { format!("# {}\n\n{text}", page.title) }
}

/// Links to the articles that readers open most, for this viewer, at most [`PICKED`].
pub fn popular(help: &Help, view: View, locale: &str) -> Vec<ArticleLink> {
    let fill = Fill { help, view, locale };
    let popular = help.popular.load();
    let pages = popular.iter().filter_map(|id| view.by_id(id));
    pages
        .filter(|page| page.kind == Kind::Article && page.locale == locale && page.listed)
        .take(PICKED)
        .map(|page| fill.link(page))
        .collect()
}

/// Links to what is related to a page.
pub fn related(help: &Help, view: View, page: &Page) -> Vec<ArticleLink> {
    Fill { help, view, locale: &page.locale }.related(page)
}

struct Fill<'a> {
    help: &'a Help,
    view: View<'a>,
    locale: &'a str,
}

impl<'a> Fill<'a> {
    fn url(&self, page: &Page) -> String {
        self.help.address.href(&super::address::encoded(&page.path))
    }

    fn link(&self, page: &'a Page) -> ArticleLink {
        ArticleLink {
            title: page.title.clone(),
            url: self.url(page),
            description: page.description.clone(),
            category: self.view.parent(page).filter(|parent| !self.is_home(parent)).map(|parent| parent.title.clone()),
        }
    }

    fn is_home(&self, page: &Page) -> bool {
        self.view.home(&page.locale).is_some_and(|home| home.ix == page.ix)
    }

    /// From the home page to the page itself.
    fn crumbs(&self, page: &'a Page) -> Vec<Crumb> {
        let home =
            self.view.home(&page.locale).map(|home| Crumb { title: self.help.name().to_owned(), url: self.url(home) });
        let above = self.view.ancestors(page).into_iter().filter(|page| !self.is_home(page)).chain([page]);
        let crumb = |page: &Page| Crumb { title: page.title.clone(), url: self.url(page) };
        home.into_iter().chain(above.map(crumb)).collect()
    }

    fn home(&self, page: &'a Page) -> HomePage {
        let paths = self.help.config.site.picked.iter();
        let prefix = frame::prefix(self.help, self.locale);
        let picked = paths.filter_map(|path| self.view.at(&format!("{prefix}/{}", path.trim_matches('/'))));
        HomePage {
            html: Some(page.prose.html.clone()).filter(|html| !html.is_empty()),
            categories: self.cards(page),
            picked: picked.take(PICKED).map(|page| self.link(page)).collect(),
            popular: popular(self.help, self.view, self.locale),
            articles: self.articles(page),
        }
    }

    fn category(&self, page: &'a Page, crumbs: Vec<Crumb>) -> CategoryPage {
        CategoryPage {
            crumbs,
            title: page.title.clone(),
            description: page.description.clone(),
            html: Some(page.prose.html.clone()).filter(|html| !html.is_empty()),
            toc: toc(page),
            categories: self.cards(page),
            articles: self.articles(page),
            branch: self.branch(page),
            fallback: self.fallback(page),
        }
    }

    fn article(&self, page: &'a Page, crumbs: Vec<Crumb>) -> ArticlePage {
        let (previous, next) = self.neighbours(page);
        ArticlePage {
            id: page.id.clone(),
            crumbs,
            title: page.title.clone(),
            description: page.description.clone(),
            html: page.prose.html.clone(),
            toc: toc(page),
            branch: self.branch(page),
            previous,
            next,
            related: self.related(page),
            tags: page.tags.iter().map(|tag| self.tag(tag)).collect(),
            updated: page.updated.map(|date| self.updated(date)),
            fallback: self.fallback(page),
            faq: page.faq,
            markdown_url: self.help.address.href(&super::address::encoded(&frame::markdown_path(page))),
            lasting_url: self.help.address.href(&format!("/a/{}", page.id)),
            vote_url: self.help.config.events.collect.then(|| feedback::url(self.help, page)),
            questions: questions::under(self.help, page, self.locale),
        }
    }

    fn related(&self, page: &Page) -> Vec<ArticleLink> {
        page.related.iter().filter_map(|ix| self.view.page(*ix)).map(|page| self.link(page)).collect()
    }

    fn updated(&self, date: jiff::civil::Date) -> Updated {
        Updated { iso: date.to_string(), text: Words::of(self.locale).date(date.year(), date.month(), date.day()) }
    }

    fn tag(&self, tag: &str) -> TagLink {
        let search = format!("{}/search", frame::prefix(self.help, self.locale));
        let query = percent_encoding::utf8_percent_encode(tag, percent_encoding::NON_ALPHANUMERIC);
        TagLink { name: tag.to_owned(), url: format!("{}?tag={query}", self.help.address.href(&search)) }
    }

    fn cards(&self, page: &'a Page) -> Vec<CategoryCard> {
        let categories = self.view.children(page).filter(|child| child.kind == Kind::Category);
        let card = |page: &'a Page| CategoryCard {
            title: page.title.clone(),
            url: self.url(page),
            description: page.description.clone(),
            articles: self.view.articles_below(page),
            first: self.view.children(page).take(FIRST).map(|child| self.link(child)).collect(),
        };
        categories.map(card).filter(|card| card.articles > 0).collect()
    }

    /// Those directly in it: each row would only repeat its name, so no category stands there.
    fn articles(&self, page: &'a Page) -> Vec<ArticleLink> {
        let articles = self.view.children(page).filter(|child| child.kind == Kind::Article);
        articles.map(|page| ArticleLink { category: None, ..self.link(page) }).collect()
    }

    /// The way down to the page, with what lies beside and below it; other branches stay closed.
    fn branch(&self, page: &'a Page) -> Vec<NavItem> {
        let mut way: Vec<&Page> = self.view.ancestors(page).into_iter().filter(|above| !self.is_home(above)).collect();
        way.push(page);
        let Some(top) = way.first() else { return Vec::new() };
        vec![self.nav_item(top, &way)]
    }

    fn nav_item(&self, page: &'a Page, way: &[&'a Page]) -> NavItem {
        let open = way.iter().any(|step| step.ix == page.ix);
        let children = open.then(|| self.view.children(page)).into_iter().flatten();
        NavItem {
            title: page.title.clone(),
            url: self.url(page),
            current: way.last().is_some_and(|last| last.ix == page.ix),
            children: children.map(|child| self.nav_item(child, way)).collect(),
        }
    }

    /// The articles before and after it in its category.
    fn neighbours(&self, page: &'a Page) -> (Option<ArticleLink>, Option<ArticleLink>) {
        let Some(parent) = self.view.parent(page) else { return (None, None) };
        let siblings: Vec<_> = self.view.children(parent).filter(|child| child.kind == Kind::Article).collect();
        let Some(at) = siblings.iter().position(|sibling| sibling.ix == page.ix) else { return (None, None) };
        let link = |at: Option<usize>| at.and_then(|at| siblings.get(at)).map(|page| self.link(page));
        (link(at.checked_sub(1)), link(Some(at + 1)))
    }

    fn fallback(&self, page: &Page) -> Option<FallbackNotice> {
        (page.locale != self.locale).then(|| FallbackNotice {
            locale: page.locale.clone(),
            direction: locale::direction(&page.locale),
            name: locale::name(&page.locale),
        })
    }
}

/// Headings worth a line in the table of contents.
fn toc(page: &Page) -> Vec<Heading> {
    let headings = page.prose.headings.iter().filter(|heading| (2..=3).contains(&heading.level));
    headings
        .map(|heading| Heading { anchor: heading.anchor.clone(), title: heading.title.clone(), level: heading.level })
        .collect()
}
