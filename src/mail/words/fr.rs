use super::Words;

pub const WORDS: Words = Words {
    language: "fr",
    direction: "ltr",
    greeting: "Bonjour,",
    opened: "Votre demande nº {ticket} est bien arrivée chez {site}. Nous vous répondrons dès que possible.",
    opened_action: "Voir ou compléter votre demande",
    replied: "{agent} a répondu à votre demande nº {ticket} :",
    replied_action: "Tout lire et répondre",
    rating_subject: "Avons-nous pu vous aider ?",
    rating: "Votre demande nº {ticket} chez {site} est résolue. Avons-nous pu vous aider ?",
    rating_action: "Donner votre avis",
    sign_in_subject: "Connexion à {site}",
    sign_in: "Vous avez demandé un lien de connexion à {site}. Il est utilisable une seule fois, pendant {minutes} min.",
    sign_in_action: "Se connecter",
    sign_in_not_you: "Si vous ne l’avez pas demandé, ignorez cet e-mail. Personne ne peut se connecter sans lui.",
    private: "Ne transmettez pas ce lien : il permet de lire votre demande et d’y répondre.",
    why: "Vous recevez cet e-mail parce que cette adresse a été indiquée chez {site}.",
};
