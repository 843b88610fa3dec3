// A chat as it goes on: what is said leaves in its order, once, however often the connection is lost, and what others
// say arrives. Without this file the page's forms do the same.

(() => {
  const root = document.documentElement;
  const one = (selector, within = document) => within.querySelector(selector);
  const [page, form, text] = ["#chat", "#chat-form", "#text"].map((it) => one(it));
  const [log, list, stand, typist, trouble] = ["#chat-log", "#chat-log ol", "#chat-stand", "#chat-typing", "#chat-lost"].map((it) => one(it));
  const { chat, stream, messages, typing, you, types, sending, lost, refused } = page.dataset;

  // Storage may be forbidden or full; what waits to be sent then lives as long as the page.
  const store = (deed) => {
    try {
      return deed(sessionStorage);
    } catch (cause) {
      console.warn(cause);
    }
  };
  const key = `chat ${chat}`;
  const waiting = store((storage) => JSON.parse(storage.getItem(key))) ?? [];
  const keep = () => store((storage) => storage.setItem(key, JSON.stringify(waiting)));

  const clock = new Intl.DateTimeFormat(root.lang, { hour: "2-digit", minute: "2-digit" });
  const localise = (within) => {
    for (const time of within.querySelectorAll("time")) time.textContent = clock.format(new Date(time.dateTime));
  };
  const made = (html) => Object.assign(document.createElement("template"), { innerHTML: html });
  const part = (name, className, words, ...inside) => {
    const element = Object.assign(document.createElement(name), { className, textContent: words });
    element.append(...inside);
    return element;
  };
  const toEnd = () => (log.scrollTop = log.scrollHeight);
  const place = () => Math.max(0, ...[...list.children].map((item) => item.dataset.place ?? 0));
  const seen = () => store((storage) => storage.setItem("chat-seen", place()));
  // Heard of by readers of a screen once it is said.
  const show = ({ id, text: words }) => {
    const who = part("p", "said-who", "", part("strong", "", you), " ", part("span", "when", sending));
    const item = part("li", "said own pending", "", who, part("p", "said-text", words));
    Object.assign(item, { id: `m-${id}`, ariaHidden: "true" });
    list.append(item);
    toEnd();
  };
  const heard = ({ data }) => {
    const item = made(data).content.firstElementChild;
    const old = document.getElementById(item.id);
    if (old?.dataset.place) return;
    const follow = log.scrollHeight - log.scrollTop - log.clientHeight < 120;
    old?.remove();
    localise(item);
    // Before what is not said yet.
    list.insertBefore(item, [...list.children].find((other) => !other.dataset.place) ?? null);
    if (follow) toEnd();
    if (!item.matches(".own")) typist.textContent = "";
    seen();
  };
  const stands = ({ data }) => {
    if (made(data).innerHTML !== stand.innerHTML) stand.innerHTML = data;
    if (form) form.hidden = !one("[form]", stand);
  };

  // Made here, as a browser makes no UUID where there is no TLS.
  const uuid = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  let busy, again;
  let pause = 1000;
  const flush = async () => {
    clearTimeout(again);
    if (busy || !waiting.length) return;
    busy = true;
    const [first] = waiting;
    let status = 0;
    try {
      const body = new URLSearchParams(first);
      // Whoever says something and leaves the page has said it.
      const options = { method: "POST", body, keepalive: true, signal: AbortSignal.timeout(15000) };
      ({ status } = await fetch(messages, options));
    } catch {
      // Sent again below: whether it arrived the server knows by its id.
    }
    busy = false;
    if (!status || status > 499 || status === 408 || status === 429) {
      if (status !== 429) trouble.textContent = lost;
      again = setTimeout(flush, pause);
      pause = Math.min(pause * 2, 15000);
      return;
    }
    pause = 1000;
    waiting.shift();
    keep();
    const item = document.getElementById(`m-${first.id}`);
    if (status < 300) {
      item?.classList.remove("pending");
      if (source.readyState === EventSource.CLOSED) listen();
    } else {
      item?.remove();
      trouble.textContent = refused;
      if (text) text.value = [first.text, text.value].filter(Boolean).join("\n");
    }
    flush();
  };

  let source;
  const listen = () => {
    const url = new URL(stream, location.href);
    url.searchParams.set("after", place());
    source = new EventSource(url);
    const hear = (name, deed) => source.addEventListener(name, deed);
    hear("said", heard);
    hear("stands", stands);
    hear("typing", ({ data }) => {
      typist.textContent = types.replace("{name}", data);
      clearTimeout(typist.timer);
      typist.timer = setTimeout(() => (typist.textContent = ""), 5000);
    });
    // So many tabs show the chat that this one waits until it is looked at.
    hear("elsewhere", () => {
      source.close();
      addEventListener("focus", () => source.readyState === EventSource.CLOSED && listen(), { once: true });
    });
    hear("open", () => {
      trouble.textContent = "";
      flush();
    });
    hear("error", () => {
      // Over, or refused for now.
      const isClosed = source.readyState === EventSource.CLOSED;
      if (isClosed && (!form || form.hidden)) return;
      trouble.textContent = lost;
      if (isClosed) setTimeout(listen, 5000);
    });
  };
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", ({ persisted }) => persisted && listen());
  addEventListener("online", flush);

  localise(log);
  // What the server heard, although no answer came, is in the page already.
  waiting.filter(({ id }) => !document.getElementById(`m-${id}`)).forEach(show);
  toEnd();
  seen();
  listen();
  flush();
  if (!form) return;

  let typed = 0;
  form.addEventListener("submit", (event) => {
    const words = text.value.trim();
    if ((event.submitter?.value ?? "say") !== "say") return;
    event.preventDefault();
    text.focus();
    if (!words) return;
    const message = { id: uuid(), text: words };
    waiting.push(message);
    keep();
    show(message);
    text.value = "";
    typed = 0;
    text.dispatchEvent(new Event("input", { bubbles: true }));
    flush();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit(one('[value="say"]', form));
  });
  text.addEventListener("input", () => {
    if (!text.value || Date.now() - typed < 3000) return;
    typed = Date.now();
    fetch(typing, { method: "POST" }).catch(() => {});
  });
})();
