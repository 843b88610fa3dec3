//! Structured data for search engines (JSON-LD, schema.org).

use jiff::Timestamp;
use serde_json::{Value, json};

use app::model::Crumb;

use crate::Help;
use crate::community::{Question, Reply};
use crate::content::{Kind, Page};
use crate::tickets::prose;

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

/// A question that readers asked in public, with what was said to it (QAPage).
pub fn of_question(question: &Question) -> String {
    let accepted = question.answer();
    let is_other = |reply: &&Reply| accepted.is_none_or(|accepted| accepted.id != reply.id);
    let others: Vec<_> = question.replies.iter().filter(is_other).map(answer).collect();
    let mut asked = json!({
        "@type": "Question",
        "name": question.title,
        "text": if question.text.is_empty() { &question.title } else { &question.text },
        "dateCreated": time(question.at),
        "answerCount": question.replies.len(),
        "suggestedAnswer": others,
    });
    if let Some(accepted) = accepted {
        asked["acceptedAnswer"] = answer(accepted);
    }
    script_safe(&json!({
        "@context": "https://schema.org",
        "@type": "QAPage",
        "inLanguage": question.locale,
        "mainEntity": by(asked, question.name.as_deref()),
    }))
}

fn answer(reply: &Reply) -> Value {
    // What the team writes is Markdown; engines know HTML.
    let text = if reply.by_team { prose::html(&reply.text) } else { reply.text.clone() };
    let answer = json!({ "@type": "Answer", "text": text.trim_end(), "dateCreated": time(reply.at) });
    by(answer, reply.name.as_deref())
}

/// Who wrote it, where that is said.
fn by(mut text: Value, name: Option<&str>) -> Value {
    if let Some(name) = name {
        text["author"] = json!({ "@type": "Person", "name": name });
    }
    text
}

/// Milliseconds since 1970, as ISO 8601.
fn time(at: i64) -> String {
    Timestamp::from_millisecond(at).unwrap_or_default().to_string()
}

/// A `<` could end the script element it stands in.
fn script_safe(document: &Value) -> String {
    document.to_string().replace('<', "\\u003c")
}
