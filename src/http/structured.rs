//! Structured data for search engines (JSON-LD, schema.org).

use serde_json::{Value, json};

use app::model::Crumb;

use crate::Help;
use crate::content::{Kind, Page};

/// Breadcrumbs for every page below home, TechArticle for an article, FAQPage for a true list of questions.
pub fn of_page(help: &Help, page: &Page, crumbs: &[Crumb]) -> Vec<String> {
    let mut documents = Vec::new();
    if crumbs.len() > 1 {
        documents.push(breadcrumbs(help, crumbs));
    }
    if page.kind == Kind::Article {
        documents.push(if page.faq { questions(page) } else { article(help, page) });
    }
    documents.iter().map(script_safe).collect()
}

fn breadcrumbs(help: &Help, crumbs: &[Crumb]) -> Value {
    let item = |(at, crumb): (usize, &Crumb)| {
        let url = format!("{}{}", help.address.origin, crumb.url);
        json!({ "@type": "ListItem", "position": at + 1, "name": crumb.title, "item": url })
    };
    let items: Vec<_> = crumbs.iter().enumerate().map(item).collect();
    json!({ "@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items })
}

fn article(help: &Help, page: &Page) -> Value {
    let mut article = json!({
        "@context": "https://schema.org",
        "@type": "TechArticle",
        "headline": page.title,
        "inLanguage": page.locale,
        "url": help.address.absolute(&super::address::encoded(&page.path)),
        "publisher": { "@type": "Organization", "name": help.name() },
    });
    if let Some(description) = &page.description {
        article["description"] = json!(description);
    }
    if let Some(updated) = page.updated {
        article["dateModified"] = json!(updated.to_string());
    }
    article
}

fn questions(page: &Page) -> Value {
    let asked = page.prose.sections.iter().filter(|section| section.title.trim_end().ends_with(['?', '？', '؟']));
    let question = |section: &crate::content::Section| {
        json!({
            "@type": "Question",
            "name": section.title,
            "acceptedAnswer": { "@type": "Answer", "text": section.text },
        })
    };
    let questions: Vec<_> = asked.map(question).collect();
    json!({ "@context": "https://schema.org", "@type": "FAQPage", "inLanguage": page.locale, "mainEntity": questions })
}

/// A `<` could end the script element it stands in.
fn script_safe(document: &Value) -> String {
    document.to_string().replace('<', "\\u003c")
}
