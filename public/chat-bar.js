// Leads back to a chat that goes on, from any page. Loaded only where there is one.

(() => {
  const { bar } = document.querySelector("[data-bar]").dataset;
  const look = async () => {
    if (document.hidden || document.querySelector("#chat")) return;
    let seen = 0;
    try {
      seen = sessionStorage.getItem("chat-seen") ?? 0;
    } catch {
      // Storage may be forbidden: then everything is new.
    }
    const answer = await fetch(`${bar}?seen=${seen}`);
    const html = await answer.text();
    const old = document.querySelector("#chat-bar");
    if (answer.status !== 200) {
      clearInterval(timer);
      return old?.remove();
    }
    const made = Object.assign(document.createElement("template"), { innerHTML: html }).content;
    if (old) old.replaceChildren(...made.querySelector("#chat-bar").childNodes);
    else document.body.append(made);
  };
  const try_ = () => look().catch((cause) => console.warn(cause));
  const timer = setInterval(try_, 20000);
  document.addEventListener("visibilitychange", try_);
  try_();
})();
