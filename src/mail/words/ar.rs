use super::Words;

pub const WORDS: Words = Words {
    language: "ar",
    direction: "rtl",
    greeting: "مرحبًا،",
    opened: "وصل طلبك رقم {ticket} إلى {site}. سنجيبك في أقرب وقت ممكن.",
    opened_action: "عرض طلبك أو الإضافة إليه",
    replied: "أجاب {agent} عن طلبك رقم {ticket}:",
    replied_action: "قراءة المحادثة كاملة والرد",
    rating_subject: "هل ساعدناك؟",
    rating: "تم حل طلبك رقم {ticket} لدى {site}. هل ساعدناك؟",
    rating_action: "قيّم المساعدة",
    sign_in_subject: "تسجيل الدخول إلى {site}",
    sign_in: "طلبت رابطًا لتسجيل الدخول إلى {site}. يعمل الرابط مرة واحدة، ومدة صلاحيته بالدقائق: {minutes}.",
    sign_in_action: "تسجيل الدخول",
    sign_in_not_you: "إذا لم تطلب ذلك فتجاهل هذه الرسالة. لا يمكن لأحد تسجيل الدخول من دونها.",
    private: "لا تشارك هذا الرابط: فمن يملكه يستطيع قراءة طلبك والرد عليه.",
    why: "تصلك هذه الرسالة لأن هذا العنوان أُدخل لدى {site}.",
};
