//! All questions about an article with the form to ask; one question with all that was said to it.

use leptos::prelude::*;

use super::contact::trap;
use super::document::{Kind, document};
use super::render;
use crate::components::{asked, draft_line, draft_script, field, folded, pager, reply};
use crate::model::{Frame, QuestionForm, QuestionPage, QuestionsPage, Site};
use crate::words::fill;

/// `/questions/{article}`
pub fn questions(frame: &Frame, page: &QuestionsPage) -> String {
    render(|| document(frame, Kind::Request, all(&frame.site, page)))
}

fn all<'a>(site: &'a Site, page: &'a QuestionsPage) -> impl IntoView + use<'a> {
    let words = &site.words;
    let rows: Vec<_> = page.questions.iter().map(|row| folded(site, row)).collect();
    let nothing =
        (rows.is_empty() && !page.is_sent).then(|| view! { <p class="nothing">{words.no_questions.as_ref()}</p> });
    view! {
        <div class="page narrow">
            {sent(site, page.is_sent)}
            <p class="request-number"><a href=page.article_url.as_str()>{words.back_to_article.as_ref()}</a></p>
            <h1>{fill(&words.questions_of, &[("title", &page.title)])}</h1>
            <div class="questions">
                {nothing}{rows}
                {pager(site, page.page, page.pages, page.previous_url.as_deref(), page.next_url.as_deref())}
            </div>
            <section aria-labelledby="ui-ask">
                <h2 id="ui-ask">{words.ask_question.as_ref()}</h2>
                <p>{words.ask_question_text.as_ref()}</p>
                {form(site, &page.form)}
            </section>
        </div>
    }
}

/// `/questions/{article}/{question}`
pub fn question(frame: &Frame, page: &QuestionPage) -> String {
    render(|| document(frame, Kind::Request, one(&frame.site, page)))
}

fn one<'a>(site: &'a Site, page: &'a QuestionPage) -> impl IntoView + use<'a> {
    let (words, row) = (&site.words, &page.question);
    let language = row.locale.as_deref();
    let replies: Vec<_> = row.replies.iter().map(|said| reply(site, said, language)).collect();
    let replies = (!replies.is_empty()).then(|| view! { <ol class="conversation">{replies}</ol> });
    view! {
        <div class="page narrow">
            {sent(site, page.is_sent)}
            <p class="request-number">
                <a href=page.article_url.as_str()>{page.title.as_str()}</a>
                <a href=page.all_url.as_str()>{words.all_questions.as_ref()}</a>
            </p>
            <h1 lang=language><bdi>{row.title.as_str()}</bdi></h1>
            <div>{asked(row)}</div>
            {replies}
            <section aria-labelledby="ui-reply">
                <h2 id="ui-reply">{words.reply_question.as_ref()}</h2>
                <p>{words.ask_question_text.as_ref()}</p>
                {form(site, &page.form)}
            </section>
        </div>
    }
}

fn sent(site: &Site, is_sent: bool) -> impl IntoView + use<'_> {
    is_sent.then(|| {
        view! { <div class="notice good" role="status"><p>{site.words.question_sent.as_ref()}</p></div> }
    })
}

fn form<'a>(site: &'a Site, form: &'a QuestionForm) -> impl IntoView + use<'a> {
    let words = &site.words;
    let fields: Vec<_> = form.fields.iter().map(|row| field(site, row)).collect();
    let hidden: Vec<_> = form
        .hidden
        .iter()
        .map(|(name, value)| view! { <input type="hidden" name=*name value=value.as_str()/> })
        .collect();
    let is_faulty = form.fields.iter().any(|row| row.fault.is_some());
    let fault = form.fault.as_deref().or_else(|| is_faulty.then(|| words.fault_summary.as_ref()));
    view! {
        {fault.map(|fault| view! { <p class="notice caution" role="alert">{fault}</p> })}
        <form class="sheet ask" method="post" action=form.action_url.as_str() novalidate data-draft="">
            {hidden}
            {draft_line(site)}
            {fields}
            {trap(site)}
            <button type="submit">{words.vote_send.as_ref()}</button>
        </form>
        {draft_script(site)}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FieldKind, FieldRow, QuestionRow, ReplyRow, Said};
    use crate::pages::sample::frame;

    fn text_field(value: &str, fault: Option<&str>) -> FieldRow {
        FieldRow {
            name: "text".into(),
            label: "Your reply".into(),
            help: None,
            kind: FieldKind::Text,
            value: value.into(),
            required: true,
            autocomplete: None,
            fault: fault.map(str::to_owned),
        }
    }

    fn page(reply: ReplyRow) -> QuestionPage {
        QuestionPage {
            title: "Fish".into(),
            article_url: "/help/ar/fish".into(),
            all_url: "/help/ar/questions/fish".into(),
            question: QuestionRow {
                url: "/help/ar/questions/fish/1".into(),
                title: "<b>Offline</b>?".into(),
                text: "On a <i>train</i>".into(),
                by: "Jo".into(),
                when: "22 November 2026".into(),
                locale: Some("en".into()),
                replies: vec![reply],
            },
            is_sent: true,
            form: QuestionForm {
                action_url: "/help/ar/questions/fish/1".into(),
                fields: vec![text_field("</textarea><i>", Some("Missing"))],
                hidden: vec![("once", "1.a".into())],
                fault: None,
            },
        }
    }

    #[test]
    fn what_strangers_wrote_is_text_in_a_language_of_its_own() {
        let text = Said::Plain("<script>alert(1)</script>".into());
        let html = question(
            &frame("ar"),
            &page(ReplyRow { by: "<i>Eve</i>".into(), when: String::new(), by_team: false, accepted: true, text }),
        );
        assert!(html.contains("<h1 lang=\"en\"><bdi>&lt;b&gt;Offline&lt;/b&gt;?</bdi></h1>"), "{html}");
        for raw in ["<i>", "<b>Off", "<script>alert"] {
            assert!(!html.contains(raw), "{raw}: {html}");
        }
        assert!(html.contains("الإجابة المقبولة") && !html.contains("الفريق</span>"), "{html}");
        assert!(html.contains("role=\"alert\"") && html.contains("aria-invalid=\"true\""), "a fault is said: {html}");
    }

    #[test]
    fn what_the_team_wrote_is_marked_and_may_be_formatted() {
        let text = Said::Html("<p>Yes, <strong>offline</strong>.</p>".into());
        let html = question(
            &frame("en"),
            &page(ReplyRow { by: "Ada".into(), when: String::new(), by_team: true, accepted: false, text }),
        );
        assert!(html.contains("<p>Yes, <strong>offline</strong>.</p>") && html.contains(">Team</span>"), "{html}");
        assert!(!html.contains("Accepted answer"), "{html}");
    }

    #[test]
    fn where_nobody_asked_that_is_said() {
        let QuestionPage { title, article_url, form, .. } = page(ReplyRow {
            by: String::new(),
            when: String::new(),
            by_team: false,
            accepted: false,
            text: Said::Plain(String::new()),
        });
        let page = QuestionsPage {
            title,
            article_url,
            questions: Vec::new(),
            page: 1,
            pages: 1,
            previous_url: None,
            next_url: None,
            is_sent: false,
            form,
        };
        let html = questions(&frame("en"), &page);
        assert!(html.contains("Questions about “Fish”") && html.contains("Nobody has asked anything"), "{html}");
        assert!(!html.contains("role=\"status\"><p>Thank") && !html.contains("class=\"pager\""), "{html}");
    }
}
