// Goes on in a vendor's chat, once the reader says so: before that nothing is asked of the vendor.

(() => {
  const button = document.querySelector("#go-on");
  const failed = document.querySelector("#go-on-failed");

  const identity = async () => {
    const answer = await fetch(button.dataset.identity, { method: "POST", signal: AbortSignal.timeout(15000) });
    if (!answer.ok) throw new Error(`the help center answered ${answer.status}`);
    return answer.json();
  };
  let loaded;
  const load = (src, id = "") =>
    (loaded ??= new Promise((resolve, reject) => {
      const script = Object.assign(document.createElement("script"), { src, id, async: true, onload: resolve });
      script.onerror = () => {
        loaded = undefined;
        reject(new Error(`${new URL(src).host} cannot be reached`));
      };
      document.head.append(script);
    }));

  const vendors = {
    intercom: async ({ script, settings, conversation, first }) => {
      window.intercomSettings = settings;
      // What is said before the script came waits in a queue, under the names that the script looks for.
      const said = (...words) => said.c(words);
      window.Intercom ??= Object.assign(said, { q: [], c: (words) => said.q.push(words) });
      await load(script);
      if (conversation) window.Intercom("showConversation", conversation);
      else window.Intercom(settings.intercom_user_jwt ? "show" : "showNewMessage", first);
    },
    zendesk: async ({ script, token, tags, fields }) => {
      await load(script, "ze-snippet");
      let next = token;
      // It asks again when the token has ended.
      window.zE("messenger", "loginUser", async (give) => {
        give(next ?? (await identity()).token);
        next = undefined;
      });
      window.zE("messenger:set", "conversationTags", tags);
      if (fields.length) window.zE("messenger:set", "conversationFields", fields);
      window.zE("messenger", "open");
    },
  };

  button.addEventListener("click", async () => {
    button.disabled = true;
    failed.hidden = true;
    try {
      const told = await identity();
      await vendors[told.with](told);
    } catch (cause) {
      console.warn(cause);
      failed.hidden = false;
    }
    // Whoever closed the chat opens it again.
    button.disabled = false;
  });
})();
