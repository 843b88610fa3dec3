use super::Words;

pub const WORDS: Words = Words {
    language: "es",
    direction: "ltr",
    greeting: "Hola:",
    opened: "Tu solicitud n.º {ticket} ha llegado a {site}. Responderemos lo antes posible.",
    opened_action: "Ver o completar tu solicitud",
    replied: "{agent} ha respondido a tu solicitud n.º {ticket}:",
    replied_action: "Leerlo todo y responder",
    rating_subject: "¿Te hemos ayudado?",
    rating: "Tu solicitud n.º {ticket} en {site} está resuelta. ¿Te hemos ayudado?",
    rating_action: "Valorar la ayuda",
    sign_in_subject: "Iniciar sesión en {site}",
    sign_in: "Has pedido un enlace para iniciar sesión en {site}. Sirve una sola vez, durante {minutes} min.",
    sign_in_action: "Iniciar sesión",
    sign_in_not_you: "Si no lo has pedido, ignora este correo. Sin él nadie puede iniciar sesión.",
    private: "No compartas el enlace: quien lo tenga puede leer tu solicitud y responder a ella.",
    why: "Recibes este correo porque se indicó esta dirección en {site}.",
};
