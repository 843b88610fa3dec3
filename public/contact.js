// What a reader types outlives a reload and going back. It stays in this tab: nothing is sent before a button is pressed.

(() => {
  const { restored, online, like, offline } = document.currentScript.dataset;
  const day = 86_400_000;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // Storage may be forbidden or full; what is typed then lives as long as the page.
  const store = (deed) => {
    try {
      return deed(sessionStorage);
    } catch (cause) {
      console.warn(cause);
    }
  };
  const key = (url) => `draft ${new URL(url, location.href).pathname}`;
  const drop = (name) => store((storage) => storage.removeItem(name));
  const kept = (name) => {
    const { at, fields } = store((storage) => JSON.parse(storage.getItem(name))) ?? {};
    if (Date.now() - at < day) return fields;
    drop(name);
  };

  const isTick = (field) => field.type === "checkbox";
  const value = (field) => (isTick(field) ? field.checked : field.value);
  const before = (field) =>
    isTick(field) ? field.defaultChecked
    : field.options ? (all("option", field).find((option) => option.defaultSelected) ?? field.options[0]).value
    : field.defaultValue;

  for (const form of all("[data-draft]")) {
    const name = key(form.action);
    if (new URLSearchParams(location.search).has("said")) drop(name);
    const fields = all("input, select, textarea", form)
      .filter((field) => field.id && !/hidden|password|file/.test(field.type) && !field.closest(".trap"));
    const [line, anew] = all(".restored > *", form);
    for (const field of fields) {
      const [typed, was] = kept(name)?.[field.id] ?? [];
      // What stands there by now is newer, unless it is what stood there when the reader began.
      const isOld = value(field) === "" || (before(field) === was && value(field) === was);
      if (typed === undefined || typed === value(field) || !isOld) continue;
      field[isTick(field) ? "checked" : "value"] = typed;
      line.textContent = restored;
      anew.hidden = false;
    }
    form.addEventListener("input", () => {
      if (fields.every((field) => value(field) === before(field))) return drop(name);
      const typed = fields.map((field) => [field.id, [value(field), before(field)]]);
      store((storage) => storage.setItem(name, JSON.stringify({ at: Date.now(), fields: Object.fromEntries(typed) })));
    });
    form.addEventListener("reset", () => {
      drop(name);
      line.textContent = "";
      anew.hidden = true;
      fields[0].focus();
    });
    // Told as it is when the button is pressed.
    const { network } = form.elements;
    if (network) form.addEventListener("submit", () => {
      const { effectiveType } = navigator.connection ?? {};
      const seconds = store((storage) => storage.getItem("offline"));
      const parts = [online, effectiveType && like.replace("{type}", effectiveType.toUpperCase()), seconds && offline.replace("{seconds}", seconds)];
      network.value = new Intl.ListFormat(document.documentElement.lang, { type: "unit", style: "short" }).format(parts.filter(Boolean));
    });
  }
  // By now every word of it lies with the server.
  for (const form of all("[data-ends]")) form.addEventListener("submit", () => [form.action, form.dataset.ends].map(key).map(drop));

  // Said is said: what is typed after it is a draft again, also when the page is loaded once more.
  if (location.search === "?said") history.replaceState(null, "", location.pathname + location.hash);
})();
