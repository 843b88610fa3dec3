use super::Words;

pub const WORDS: Words = Words {
    language: "en",
    direction: "ltr",
    greeting: "Hello,",
    opened: "Your request #{ticket} has reached {site}. We will answer as soon as we can.",
    opened_action: "See your request or add to it",
    replied: "{agent} answered your request #{ticket}:",
    replied_action: "Read everything and answer",
    rating_subject: "Did we help?",
    rating: "Your request #{ticket} at {site} is solved. Did we help?",
    rating_action: "Tell us",
    sign_in_subject: "Sign in to {site}",
    sign_in: "You asked for a link to sign in to {site}. It works once, within {minutes} min.",
    sign_in_action: "Sign in",
    sign_in_not_you: "If you did not ask for it, ignore this mail. Nobody can sign in without it.",
    private: "Keep the link to yourself: whoever has it can read your request and answer it.",
    why: "You get this mail because this address was given at {site}.",
};
