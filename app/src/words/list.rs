//! The list of words. A new one goes here; the compiler then asks for it in every locale.

use super::{AgentWords, Grouping, Plural, PluralRule, Word};

macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($fixed:ident: $type:ty,)* }
     words { $($(#[$doc:meta])* $word:ident,)* } plurals { $($(#[$plural_doc:meta])* $plural:ident,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name {
            $(pub $fixed: $type,)*
            $($(#[$doc])* pub $word: Word,)*
            $($(#[$plural_doc])* pub $plural: Plural,)*
        }

        impl $name {
            /// What an override may name.
            pub const KEYS: &'static [&'static str] = &[$(stringify!($word),)* $(stringify!($plural),)*];

            /// Replaces a word, or one form of a plural; false if there is none of that name.
            pub(super) fn set(&mut self, field: &str, form: Option<&str>, text: Word) -> bool {
                match (field, form) {
                    $((stringify!($word), None) => { self.$word = text; true })*
                    $((stringify!($plural), Some(form)) => self.$plural.set(form, text),)*
                    _ => false,
                }
            }

            /// Every word with its name; of a plural, the form for all other counts.
            #[cfg(test)]
            pub(super) fn texts(&self) -> Vec<(&'static str, &str)> {
                vec![
                    $((stringify!($word), self.$word.as_ref()),)*
                    $((stringify!($plural), self.$plural.other.as_ref()),)*
                ]
            }
        }
    };
}

pub(super) use words;

words! {
    /// Every word the interface says, in one language.
    Words {
        plural_rule: PluralRule,
        grouping: Grouping,
        agent: AgentWords,
    }
    words {
        skip_to_content,
        home,
        /// Label of the links at the top of every page.
        main_navigation,
        footer,
        language,
        theme,
        theme_system,
        theme_light,
        theme_dark,
        theme_contrast,
        close,

        /// The noun: title of the search page, name of the field.
        search,
        /// On the button that sends the form.
        search_button,
        search_placeholder,
        /// Heading of the home page, above the large field.
        search_invitation,
        /// In the search dialog, beside the keys.
        keys_move,
        keys_open,
        keys_close,
        searching,
        search_failed,
        /// Name of the list of what was found.
        hits,
        /// Before anything is typed.
        search_start,
        nothing_found,
        nothing_found_advice,
        did_you_mean,
        see_all_results,
        filters,
        clear_filters,
        /// Opens the rest of a long list of filters.
        more_filters,
        category,
        tag,
        /// Of the product an article is about.
        version,
        audience,
        page_of_pages,
        result_pages,
        previous_page,
        next_page,
        query_shortened,
        unknown_filter,
        fewer_words,
        excluded,
        corrected,
        /// The way back from a corrected search.
        search_as_typed,
        /// Proposed in the search dialog before anything is typed.
        recent_searches,
        popular_searches,
        forget_recent,
        other_language,

        breadcrumbs,
        /// Opens the side navigation on a phone.
        menu,
        on_this_page,
        updated,
        /// How a date is written.
        date,
        /// Their twelve names, apart by spaces.
        months,
        previous_article,
        next_article,
        related_articles,
        /// Under an article.
        vote_question,
        yes,
        no,
        vote_thanks,
        vote_sorry,
        vote_noted,
        reason_incomplete,
        reason_unclear,
        reason_wrong,
        reason_outdated,
        reason_other,
        vote_comment,
        vote_send,
        back_to_article,
        tags,
        view_markdown,
        lasting_link,
        page_tools,
        copy_link,
        copy_code,
        copied,
        not_translated,

        categories,
        all_articles,
        picked_articles,
        popular_articles,
        more_articles,
        empty_site,
        empty_category,

        not_found_title,
        not_found_text,
        not_found_proposals,
        back_to_home,
        bad_request_title,
        bad_request_text,
        not_signed_in_title,
        not_signed_in_text,
        forbidden_title,
        forbidden_text,
        method_not_allowed_title,
        method_not_allowed_text,
        too_large_title,
        too_large_text,
        too_many_title,
        too_many_text,
        internal_error_title,
        internal_error_text,
        too_slow_title,
        too_slow_text,
        /// Before the exact, English reason, for whoever looks into it.
        error_detail,
        request_id,

        privacy,
        /// In the banner: what is asked for, and what a no means.
        consent_text,
        consent_allow,
        consent_refuse,
        consent_details,
        /// Heading of the choice on the privacy page.
        consent_title,
        consent_save,
        consent_signal,
        always_on,
        not_used_here,
        purpose_necessary,
        purpose_necessary_text,
        purpose_preferences,
        purpose_preferences_text,
        purpose_analytics,
        purpose_analytics_text,
        purpose_marketing,
        purpose_marketing_text,
        trail_title,
        trail_text,
        /// In its place where analytics was granted.
        trail_text_allowed,
        trail_empty,
        trail_strike,
        trail_strike_all,
        minutes_ago,
        just_now,
        step_searched,
        step_clicked,
        step_opened,
        step_read,
        step_helped,
        step_did_not_help,
        step_question,
        step_page,
        step_left,
        step_error,
        step_copied,
        step_other,

        contact,
        /// The way on where no article answered.
        ask_a_person,
        contact_text,
        your_requests,
        no_requests,
        form_question,
        form_question_text,
        form_bug,
        form_bug_text,
        form_idea,
        form_idea_text,
        field_subject,
        field_text,
        field_name,
        field_email,
        field_email_help,
        field_optional,
        /// Of the field that only machines fill in.
        field_website,
        choose,
        go_on,
        other_ways,
        asked_as,
        fault_summary,
        fault_missing,
        fault_too_long,
        fault_email,
        fault_option,
        fault_not_kept,
        fault_too_fast,
        fault_files,
        fault_file_size,
        fault_file_infected,
        proposals_title,
        answered,
        proposals_no,
        answered_thanks,
        review_lead,
        review_title,
        edit,
        dossier_title,
        dossier_text,
        attachments,
        attachments_text,
        send_ticket,
        fact_page,
        fact_plan,
        fact_language,
        fact_device,
        device_desktop,
        device_tablet,
        device_phone,
        fact_browser,
        fact_version,
        fact_network,
        network_online,
        /// What the browser thinks the network is as fast as: `4G`.
        network_like,
        network_offline,
        draft_restored,
        draft_discard,
        request_number,
        request_sent,
        request_sent_mail,
        request_sent_here,
        status_new,
        status_open,
        status_pending,
        status_solved,
        status_closed,
        your_answer,
        send_answer,
        mark_solved,
        answer_reopens,
        closed_text,
        follow_up,
        sent_along,
        from_you,
        rate_question,
        rate_good,
        rate_bad,
        rate_comment,
        rate_send,
        rate_thanks,

        sign_in,
        sign_in_text,
        token,
        wrong_token,
        sign_out,
        sign_in_with_account,
        sign_in_with_token,
        email,
        password,
        password_forgotten,
        wrong_credentials,
        too_many_sign_ins,
        not_allowed_title,
        not_allowed_text,
        /// Title of an agent's own page.
        account,
        account_saved,
        profile,
        name,
        name_unfit,
        language_of_site,
        save,
        change_password,
        password_present,
        password_new,
        password_rule,
        password_too_short,
        password_too_long,
        wrong_password,
        password_changed,
        /// Where an agent is signed in.
        sessions,
        sessions_text,
        session_since,
        session_seen,
        this_session,
        unknown_browser,
        end_session,
        end_other_sessions,
        sessions_ended,
        state,
        site_state,
        ready,
        not_ready,
        snapshot,
        commit,
        built,
        source,
        locales,
        problems,
        no_problems,
        place,
        finding,
        severity_error,
        severity_warning,
        severity_notice,
        cure,
        canaries,
        canaries_text,
        no_canaries,
        canary_found,
        canary_missing,
        query,
        expected_article,
        result,
        slow_pages,
        no_slow_pages,
        page,
        time_to_make,
        size,
        panel_failed,
        /// What leaves for sinks: title of a staff page.
        delivery,
        sinks,
        sink,
        no_sinks,
        guarantee,
        purpose,
        waiting,
        delivered,
        outcome_unknown,
        dead_letters,
        no_dead_letters,
        messages_waiting,
        no_messages_waiting,
        /// What other programs told and nobody could handle.
        hooks_failed,
        no_hooks_failed,
        /// Addresses that mail does not go to any more, and why.
        suppressed,
        no_suppressed,
        suppressed_bounce,
        suppressed_complaint,
        suppressed_unsubscribe,
        /// A program that tells something.
        sender,
        last_error,
        try_again,
        give_up,
        pause,
        resume,
        sink_works,
        sink_paused,
        sink_waits,
        sink_locked,
        sink_unset,
        when,
        items,
        reason,
        consents_by_day,
        no_consents,
        day,
        answers,
        processing_record,
        processing_text,
        data,
        kept_for,
        goes_to,
        stays_here,
        audit_log,
        no_audit,
        deed,
        details,
    }
    plurals {
        articles,
        results,
        /// Spoken beside a facet.
        more_sections,
        /// Opens the rest of the problems of one kind.
        more_problems,
        /// In the outbox, while there is no mail server to send them by.
        mails_wait,
    }
}
