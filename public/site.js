// Plain behaviours, none of them needed: the page works without this file.
// Words and addresses come from the page, as data attributes of the script and of <html>.

const root = document.documentElement;
const own = document.currentScript.dataset;
const all = (selector, within = document) => within.querySelectorAll(selector);
const one = (selector, within = document) => within.querySelector(selector);
const idle = window.requestIdleCallback ?? setTimeout;

// Islands wake when the browser has nothing better to do, or when the reader reaches for the search field.
let waking;
const wakeIslands = () => (waking ??= (async () => {
  const islands = all("leptos-island");
  if (!islands.length) return;
  const module = await import(own.islands);
  await module.default({ module_or_path: own.wasm });
  module.hydrate();
  for (const island of islands) module[island.dataset.component](island);
})().catch((cause) => {
  // The form works all the same; the next reach for it tries again.
  waking = undefined;
  console.warn(cause);
}));
addEventListener("load", () => idle(wakeIslands));
addEventListener("focusin", (event) => event.target.matches("#q") && wakeIslands());

// Search opens from anywhere: the page's own field, else the dialog.
const openSearch = () => {
  const dialog = one("#search");
  if (dialog && !dialog.open) dialog.showModal();
  one("#q")?.focus();
  one("#q")?.select();
  wakeIslands();
};
addEventListener("keydown", (event) => {
  const keys = root.dataset.shortcuts ?? "";
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
  const ctrlK = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if ((slash && keys.includes("slash")) || (ctrlK && keys.includes("ctrl-k"))) {
    event.preventDefault();
    openSearch();
  }
  if (event.key === "Escape") {
    closeMenus();
    // At once: a search field would take the first Escape to empty itself.
    one("#search[open]")?.close();
  }
});

const closeMenus = (but) => {
  for (const menu of all(".menu[open]")) if (menu !== but) menu.open = false;
};

// The theme: "" follows the system. The inline script in <head> applies it before the first paint.
const setTheme = (theme) => {
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // Storage may be forbidden; the theme then lasts for this page.
  }
  showTheme();
};
const showTheme = () => {
  for (const button of all("[data-set-theme]"))
    button.ariaPressed = String(button.dataset.setTheme === (root.dataset.theme ?? ""));
};

const copy = async (text, button) => {
  await navigator.clipboard.writeText(text);
  button.dataset.copied = "";
  said.textContent = own.copied;
  setTimeout(() => {
    delete button.dataset.copied;
    said.textContent = "";
  }, 2000);
};
const said = Object.assign(document.createElement("p"), { className: "unseen", role: "status" });

addEventListener("click", (event) => {
  closeMenus(event.target.closest(".menu"));
  const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.button;
  const link = event.target.closest("a");
  const button = event.target.closest("button");
  if (link?.dataset.openSearch !== undefined && plain) {
    event.preventDefault();
    openSearch();
  } else if (link?.matches(".anchor") && plain) {
    copy(link.href, link);
  } else if (link?.dataset.terms && plain) {
    rememberTerms(link);
  } else if (button?.dataset.setTheme !== undefined) {
    setTheme(button.dataset.setTheme);
    closeMenus();
  } else if (event.target.id === "search") {
    event.target.close(); // The backdrop is the dialog itself.
  }
  const question = event.target.closest(".faq:not([open]) > summary");
  // An opened question is the page's address, ready to be copied; the anchor stands on its answer.
  if (question) history.replaceState(null, "", "#" + question.nextElementSibling.id);
  if (link?.closest(".toc")) one("#toc:popover-open")?.hidePopover();
});

// Terms of a search are marked on the page it opens. Without script the text fragment in the link does that.
const rememberTerms = (link) => {
  if (!CSS.highlights) return;
  link.href = link.href.replace(/#?:~:.*/, "");
  sessionStorage.setItem("terms", JSON.stringify([link.pathname, link.dataset.terms]));
  if (link.pathname !== location.pathname) return;
  one("#search")?.close();
  markTerms();
};
const markTerms = () => {
  const [path, terms] = JSON.parse(sessionStorage.getItem("terms") ?? "[]");
  const text = one("main article");
  if (path !== location.pathname || !text) return;
  sessionStorage.removeItem("terms");
  const escaped = terms.split("\n").map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  // Scripts that do not part words have no edges to look for.
  const edge = /\p{scx=Han}|\p{scx=Hira}|\p{scx=Kana}|\p{scx=Thai}/u.test(terms) ? "" : "[\\p{L}\\p{N}]";
  const pattern = new RegExp(edge ? `(?<!${edge})(?:${escaped.join("|")})(?!${edge})` : escaped.join("|"), "giu");
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const ranges = [];
  while (walker.nextNode()) {
    for (const { 0: word, index } of walker.currentNode.data.matchAll(pattern)) {
      ranges.push(new StaticRange({
        startContainer: walker.currentNode, startOffset: index,
        endContainer: walker.currentNode, endOffset: index + word.length,
      }));
    }
  }
  CSS.highlights.set("terms", new Highlight(...ranges));
};

// With this script a result's link leads straight to its page; events.js counts it.
for (const link of all("a[data-url]")) link.href = link.dataset.url;

// A vote is answered where it stands: what its page says of it is taken over.
addEventListener("submit", async (event) => {
  const vote = event.target.closest(".vote");
  if (!vote) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(event.target, event.submitter));
  const answer = await fetch(event.target.action, { method: "POST", body }).catch(() => {});
  if (!answer?.ok) return event.target.submit();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  vote.replaceWith(one(".vote", page));
  said.textContent = one("#vote").textContent;
});

// A link to a question opens it.
const openTarget = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const item = target && target.closest("details");
  if (item) item.open = true;
};
addEventListener("hashchange", openTarget);

const addCopyButtons = () => {
  for (const block of all(".prose .code")) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: own.copy });
    button.onclick = async () => {
      await copy(one("pre", block).textContent, button);
      button.textContent = own.copied;
      setTimeout(() => (button.textContent = own.copy), 2000);
    };
    block.append(button);
  }
};

// The table of contents follows the reader: the last heading above the upper third of the window is current.
const followReader = () => {
  const links = new Map([...all(".toc a")].map((link) => [document.getElementById(decodeURIComponent(link.hash.slice(1))), link]));
  const mark = () => {
    let current;
    for (const [heading, link] of links) {
      link.removeAttribute("aria-current");
      if (heading?.getBoundingClientRect().top < innerHeight / 3) current = link;
    }
    current?.setAttribute("aria-current", "location");
  };
  const watcher = new IntersectionObserver(mark, { rootMargin: "0px 0px -66%" });
  for (const heading of links.keys()) if (heading) watcher.observe(heading);
};

document.body.append(said);
if (/Mac|iP/.test(navigator.platform)) for (const key of all("[data-key]")) key.textContent = "⌘ K";
showTheme();
openTarget();
addCopyButtons();
followReader();
if (CSS.highlights) markTerms();
if (own.chat && document.cookie.includes("chatting=")) import(own.chat);
