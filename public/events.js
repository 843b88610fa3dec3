// Tells this site what its reader did; nobody else is told. Without it the page works the same.
// Events wait in memory, and in local storage where they could not be sent.

(() => {
  const { to } = document.currentScript.dataset;
  const root = document.documentElement;
  const article = document.querySelector("[data-article]")?.dataset.article;
  const key = "events";
  let waiting = [];
  let timer;

  const tell = (kind, more) => {
    waiting.push({ kind, at: Date.now(), page: location.pathname, ...more });
    // Never as many as a batch may hold: what is not told in time is no use.
    waiting.splice(0, waiting.length - 50);
    timer ??= setTimeout(send, 5000);
  };

  const id = () => {
    const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/(.{8})(.{4}).(.{3}).(.{3})(.{12})/, "$1-$2-4$3-8$4-$5");
  };

  // Where it came from: the other site's host and the campaign, no more.
  const around = () => {
    const from = document.referrer && new URL(document.referrer).host;
    return {
      locale: root.lang,
      ...(from && from !== location.host && { referrer: from }),
      campaign: new URLSearchParams(location.search).get("utm_campaign")?.replace(/[^\p{L}\p{N}._~%+:/-]/gu, "-").slice(0, 100) || undefined,
    };
  };

  // A batch keeps its id until it is taken, so that one sent twice counts once.
  const body = (batch) => {
    const now = Date.now();
    const events = batch.events.map(({ at, ...event }) => ({ ...event, ago: Math.max(0, now - at) }));
    return JSON.stringify({ ...batch, events: events.filter(({ ago }) => ago < 2e8) });
  };
  const kept = () => {
    try {
      return JSON.parse(localStorage.getItem(key)) ?? [];
    } catch {
      return [];
    }
  };
  const keep = (batches) => {
    try {
      if (batches.length) localStorage.setItem(key, JSON.stringify(batches.slice(-20)));
      else localStorage.removeItem(key);
    } catch {
      // Storage may be forbidden or full; what was not sent is then lost.
    }
  };

  const take = () => {
    clearTimeout(timer);
    timer = undefined;
    const events = waiting;
    waiting = [];
    return events.length ? [{ id: id(), ...around(), events }] : [];
  };

  const send = async () => {
    const batches = [...kept(), ...take()];
    keep([]);
    for (const [place, batch] of batches.entries()) {
      const answer = await fetch(to, { method: "POST", body: body(batch), keepalive: true }).catch(() => {});
      // Refused for good is gone; whatever may pass is tried with the next page.
      if (answer && answer.status < 500 && answer.status !== 429) continue;
      return keep([...batches.slice(place), ...kept()]);
    }
  };

  const leave = () => {
    if (document.visibilityState !== "hidden") return;
    read();
    vitals();
    for (const batch of take()) if (!navigator.sendBeacon(to, body(batch))) keep([...kept(), batch]);
  };

  // Reading: seconds in view, and how far down.
  let seconds = 0;
  let since = document.visibilityState === "visible" ? Date.now() : 0;
  let scroll = 0;
  const seen = () => {
    const text = article && document.querySelector("[data-article]").getBoundingClientRect();
    if (text) scroll = Math.max(scroll, Math.min(100, Math.round(((innerHeight - text.top) / text.height) * 100)));
  };
  const read = () => {
    if (since) seconds += (Date.now() - since) / 1000;
    since = 0;
    seen();
    if (article && seconds >= 3) tell("article_read", { article, seconds: Math.round(seconds), scroll: Math.max(0, scroll) });
    seconds = 0;
  };
  addEventListener("scroll", seen, { passive: true });

  // Speed, as the browser measured it (https://web.dev/articles/vitals).
  const measured = {};
  const watch = (type, each, more) => {
    try {
      new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true, ...more });
    } catch {
      // Not every browser measures everything.
    }
  };
  watch("largest-contentful-paint", (it) => (measured.LCP = it.startTime));
  watch("paint", (it) => it.name === "first-contentful-paint" && (measured.FCP = it.startTime));
  watch("layout-shift", (it) => it.hadRecentInput || (measured.CLS = (measured.CLS ?? 0) + it.value));
  watch("event", (it) => it.interactionId && (measured.INP = Math.max(measured.INP ?? 0, it.duration)), { durationThreshold: 40 });
  watch("navigation", (it) => (measured.TTFB = it.responseStart));
  const vitals = () => {
    for (const metric in measured) {
      tell("web_vitals", { metric, value: Math.round(measured[metric] * 1000) / 1000 });
      delete measured[metric];
    }
  };

  addEventListener("click", ({ target }) => {
    const hit = target.closest?.("[data-hit]");
    const goal = target.closest?.("[data-goal]");
    const link = target.closest?.("a[href]");
    const code = target.closest?.(".code button");
    if (hit) {
      const query = document.querySelector("#q")?.value ?? "";
      const rank = [...document.querySelectorAll("[data-hit]")].indexOf(hit) + 1;
      tell("search_result_clicked", { query: query.slice(0, 200), article: hit.dataset.hit, rank });
    }
    if (goal) {
      const { goal: name, step, attribution } = goal.dataset;
      tell("cta_clicked", { goal: name, step, attribution });
    }
    if (link && link.host && link.host !== location.host) tell("link_out", { host: link.host });
    if (code && article) tell("code_copied", { article, block: [...document.querySelectorAll(".code button")].indexOf(code) + 1 });
  });
  addEventListener("toggle", ({ target }) => {
    const question = target.open && target.matches(".faq") && target.querySelector("[id]");
    if (question && article) tell("faq_expanded", { article, question: question.id.slice(0, 200) });
  }, true);
  addEventListener("pause", ({ target }) => {
    const video = target.currentSrc && new URL(target.currentSrc).pathname.slice(0, 200);
    if (video) tell("video_played", { video, seconds: Math.round(target.currentTime) });
  }, true);

  addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") since ||= Date.now();
    else leave();
  });

  // Seconds without a network in this visit. They stay in this tab; a request for help may tell them.
  const noteNetwork = () => {
    try {
      const { offline = 0, offlineSince } = sessionStorage;
      if (!navigator.onLine) sessionStorage.offlineSince ??= Date.now();
      else if (offlineSince) {
        sessionStorage.offline = Math.ceil(+offline + (Date.now() - offlineSince) / 1000);
        delete sessionStorage.offlineSince;
      }
    } catch {
      // Storage may be forbidden; then nobody knows.
    }
  };
  noteNetwork();
  addEventListener("offline", noteNetwork);
  addEventListener("online", () => {
    noteNetwork();
    send();
  });

  const begin = () => {
    tell("page_viewed");
    if (article) tell("article_viewed", { article });
    const status = document.querySelector(".lost .status")?.textContent;
    if (status) tell("error_met", { message: document.title.slice(0, 300), status: Number(status) });
    if (kept().length) send();
  };
  // A page made beforehand is seen when it is shown.
  if (document.prerendering) document.addEventListener("prerenderingchange", begin, { once: true });
  else begin();
})();
