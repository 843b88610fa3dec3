// The agents' portal, quicker: keys, answers while typing, pages that follow what happens. None of it is needed.

(() => {
  const { events, new: fresh, changed, lost } = document.currentScript.dataset;
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const live = one("#live");
  const form = one("#reply");
  const text = one("#text");
  const find = one("#find");
  const ticket = one("[data-ticket]")?.dataset.ticket;
  // Of the page of chats, and of the chat at hand.
  const here = one("[data-here]")?.dataset.here;
  const chat = one("[data-chat]");

  // What the server made anew takes the place of what is shown; whatever is typed or chosen stays.
  const fetched = async (url) => {
    const answer = await fetch(url, { headers: { accept: "text/html" } });
    // Signed out: the page leads to the sign-in.
    if (answer.redirected) location.reload();
    if (!answer.ok) throw new Error(answer.statusText);
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  };
  const place = (old, made) => {
    const held = old.contains(document.activeElement) && document.activeElement;
    const [start, end] = held && "selectionStart" in held ? [held.selectionStart, held.selectionEnd] : [];
    const row = held && held.closest("[data-number]")?.dataset.number;
    old.replaceWith(document.adoptNode(made));
    if (!held) return;
    const again = (row && one(`[data-number="${row}"] a`, made)) || (held.id && one(`#${CSS.escape(held.id)}`, made))
      || (held.href && all("a", made).find((link) => link.href === held.href)) || one(".queue a", made);
    if (again) {
      again.focus({ preventScroll: true });
      if (start != null && again.setSelectionRange) again.setSelectionRange(start, end);
    } else {
      made.tabIndex = -1;
      made.focus({ preventScroll: true });
    }
  };
  const touched = (part) => all("input, select, textarea", part).some((field) =>
    field.type !== "hidden" && (field === document.activeElement
      || (field.options ? [...field.options].some((it) => it.selected !== it.defaultSelected) : field.value !== field.defaultValue)));

  const numbers = (within) => all("[data-number]", within).map((row) => row.dataset.number);
  let refreshing;
  let again = false;
  const refresh = async () => {
    // Who waits for an answer is told in the tab's title, whoever looks at it.
    if (document.hidden && !here) return void (again = true);
    if (refreshing) return void (again = true);
    refreshing = true;
    again = false;
    try {
      const url = new URL(location.href);
      url.searchParams.delete("done");
      const page = await fetched(url);
      const before = new Set(numbers(document));
      for (const made of all("[data-live]", page)) {
        const old = document.getElementById(made.id);
        if (!old || old.innerHTML === made.innerHTML || touched(old)) continue;
        place(old, made);
        toEnd(made);
      }
      document.title = page.title;
      // Who sees what is new answers it. A form that was begun before keeps what it saw of how the ticket stands.
      const seen = one("[data-seen]", page);
      if (seen && form) one("[data-seen]").value = seen.value;
      const key = one("[data-message]", page);
      if (key && one("[data-message]")) one("[data-message]").value = key.value;
      const come = numbers(document).filter((number) => !before.has(number));
      for (const number of come) one(`[data-number="${number}"]`).classList.add("fresh");
      if (come.length) say(fresh.replace("{count}", come.length));
    } catch (cause) {
      console.warn(cause);
      // What happened is not told twice: look until it was seen.
      setTimeout(refresh, 3000);
    }
    refreshing = false;
    if (again) refresh();
  };
  const say = (words) => {
    live.textContent = words;
  };
  const toEnd = (part) => {
    if (part?.dataset.end !== undefined) part.scrollTop = part.scrollHeight;
  };
  toEnd(one("#talk"));
  document.addEventListener("visibilitychange", () => !document.hidden && again && refresh());

  // The browser connects again by itself, unless the server says that there is nothing any more.
  let wasLost = false;
  const listen = () => {
    const source = new EventSource(events);
    source.addEventListener("ready", () => {
      if (!wasLost) return;
      wasLost = false;
      say("");
      refresh();
    });
    source.addEventListener("tickets", ({ data }) => {
      const told = data.split(" ");
      // Nothing named: too much happened to name it.
      if (!ticket) refresh();
      else if (!data.trim() || told.includes(ticket)) {
        say(changed);
        refresh();
      }
    });
    // Says that the page is open, when it is asked: timers of a tab in the background are slow.
    source.addEventListener("beat", () => fetch(here, { method: "POST" }).catch(() => {}));
    source.addEventListener("typing", () => {
      const types = one("#types");
      types.textContent = types.dataset.types;
      clearTimeout(types.timer);
      types.timer = setTimeout(() => (types.textContent = ""), 5000);
    });
    source.addEventListener("error", () => {
      wasLost = true;
      say(lost);
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, 10000);
    });
    addEventListener("pagehide", () => source.close(), { once: true });
  };
  if (window.EventSource && (ticket || here || one("#queue"))) listen();

  // In a chat a message leaves without the page being loaded anew, one after another, as they were written. Sent again
  // after a lost connection it is said once.
  if (chat && form) {
    let typed = 0;
    const queue = [];
    let sending;
    // It may have been said although no answer came.
    let unsure;
    const key = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const flush = async () => {
      if (sending) return;
      sending = true;
      try {
        for (; queue.length; queue.shift()) {
          const answer = await fetch(form.action, { method: "POST", body: queue[0].body });
          if (!answer.ok) throw new Error(answer.statusText);
        }
      } catch (cause) {
        console.warn(cause);
        say(lost);
        const back = queue.splice(0);
        if (back.length === 1) [unsure] = back;
        text.value = [...back.map(({ words }) => words), text.value].filter(Boolean).join("\n");
      }
      sending = false;
      refresh();
    };
    form.addEventListener("submit", (event) => {
      if (event.submitter?.value !== "say" || !text.value.trim()) return;
      event.preventDefault();
      const words = text.value;
      // Two messages never have one key, however quickly they are typed.
      const id = unsure?.words === words ? unsure.id : key();
      unsure = undefined;
      const body = new URLSearchParams(new FormData(form, event.submitter));
      body.set("id", id);
      queue.push({ id, words, body });
      text.value = "";
      typed = 0;
      store("");
      text.focus();
      flush();
    });
    text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit(one("[data-send]"));
    });
    text.addEventListener("input", () => {
      if (!text.value || Date.now() - typed < 3000) return;
      typed = Date.now();
      fetch(chat.dataset.typing, { method: "POST" }).catch(() => {});
    });
  }

  // Into the text, where the cursor is; at its end where nobody put it anywhere.
  let placed = false;
  text?.addEventListener("focus", () => (placed = true));
  const insert = (words) => {
    if (!placed) text.setSelectionRange(text.value.length, text.value.length);
    const before = text.value.slice(0, text.selectionStart);
    const gap = !before || /\s$/.test(before) ? "" : words.includes("\n") ? "\n\n" : " ";
    text.setRangeText(gap + words, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
  };
  form?.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.insert !== undefined) {
      event.preventDefault();
      insert(button.dataset.insert);
    } else if (button?.dataset.macro !== undefined) {
      event.preventDefault();
      insert(one("#macro").selectedOptions[0].dataset.text);
    } else if (button?.value === "find") {
      event.preventDefault();
      look();
    }
  });

  // Search while typing; "??" in the text leads there, with the sentence before it.
  let asked = 0;
  let timer;
  const look = async () => {
    const mine = ++asked;
    const url = new URL(location.href.split("?")[0]);
    url.searchParams.set("find", find.value);
    try {
      const page = await fetched(url);
      if (mine !== asked) return;
      one("#finds").replaceWith(document.adoptNode(one("#finds", page)));
    } catch (cause) {
      console.warn(cause);
    }
  };
  find?.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 150);
  });
  find?.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      clearTimeout(timer);
      look();
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      one("#finds [data-insert], #finds a")?.focus();
    } else if (event.key === "Escape" && text) {
      event.preventDefault();
      text.focus();
    }
  });
  text?.addEventListener("input", () => {
    const at = text.selectionStart;
    if (text.value.slice(at - 2, at) !== "??") return;
    const line = text.value.slice(0, at - 2).split(/\n|[.:;!?]\s/).pop().trim();
    text.setRangeText("", at - 2, at, "end");
    find.value = line.slice(-200);
    find.focus();
    find.select();
    if (line) look();
  });

  // What is typed outlives a page that is left by accident.
  const kept = chat ? `reply-${chat.dataset.chat}` : ticket && `reply-${ticket}`;
  const store = (value) => {
    try {
      if (value) sessionStorage.setItem(kept, value);
      else sessionStorage.removeItem(kept);
    } catch {
      // Storage may be forbidden; the text then lives as long as the page.
    }
  };
  if (text) {
    try {
      const url = new URL(location.href);
      // What is typed after it was sent is a draft again, also when the page is loaded once more.
      if (url.searchParams.has("done")) {
        store("");
        url.searchParams.delete("done");
        history.replaceState(null, "", url);
      } else text.value ||= sessionStorage.getItem(kept) ?? "";
    } catch {
      // As above.
    }
    text.addEventListener("input", () => store(text.value));
  }

  // Keys. None without a modifier while somebody types.
  const keys = one("#keys");
  const showKeys = () => keys.showModal();
  one("[data-keys]")?.addEventListener("click", showKeys);
  const speak = (voice) => {
    const radio = form && one(`[name="voice"][value="${voice}"]`, form);
    if (!radio) return;
    radio.checked = true;
    text.focus();
    text.scrollIntoView({ block: "center" });
  };
  const links = () => all(".queue .subject a");
  const step = (by) => {
    const list = links();
    const at = list.indexOf(document.activeElement?.closest("tr") && one(".subject a", document.activeElement.closest("tr")));
    list[at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(Math.max(at + by, 0), list.length - 1)]?.focus();
  };
  // Within the ticket the order of the queue it was opened from leads on.
  const order = (() => {
    try {
      if (one("#queue")) sessionStorage.setItem("queue", JSON.stringify({ url: location.href, links: links().map((link) => link.href) }));
      return JSON.parse(sessionStorage.getItem("queue")) ?? {};
    } catch {
      return {};
    }
  })();
  const leaf = (by) => {
    const list = order.links ?? [];
    const at = list.findIndex((link) => new URL(link).pathname === location.pathname);
    if (at >= 0 && list[at + by]) location.href = list[at + by];
  };
  const deeds = {
    j: () => (ticket ? leaf(1) : step(1)),
    k: () => (ticket ? leaf(-1) : step(-1)),
    r: () => speak("reply"),
    n: () => speak("note"),
    a: () => one("[data-take]")?.click(),
    q: () => ticket && (location.href = order.url ?? one(".staff-pages a").href),
    "?": showKeys,
    // In a ticket its own search, elsewhere the site's.
    ...(find && { "/": () => find.focus() }),
  };
  // Who speaks to a computer can have keys without a modifier switched off (WCAG 2.1.4). Before the site's own keys.
  const single = (document.documentElement.dataset.shortcuts ?? "").includes("slash");
  addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (key === "Enter" && (event.ctrlKey || event.metaKey) && target === text) {
      event.preventDefault();
      form.requestSubmit(one("[data-send]"));
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || one("dialog[open]")) return;
    if (target.closest("input:not([type=radio]), textarea, select, [contenteditable]")) return;
    const deed = single && deeds[key];
    if (!deed) return;
    event.preventDefault();
    event.stopPropagation();
    deed();
  }, true);
})();
