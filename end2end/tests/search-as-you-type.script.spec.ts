import type { Page, Request } from "@playwright/test";
import { expect, test } from "../fixture";
import { unknownWord } from "../kinds";

const field = (page: Page) => page.locator("#q");
const spoken = (page: Page) => page.locator("[data-status]");
/** Milliseconds between button down and up: time for an answer to come in between. */
const asPeopleDo = { delay: 300 };

test("hits come while the reader types, arrows choose and Enter opens the section", async ({ page }) => {
  await page.goto("/");
  await type(page, "admin tok");
  const hits = page.getByRole("option");
  await expect(hits.first()).toBeVisible();
  await expect(field(page)).toHaveAttribute("aria-expanded", "true");
  await page.keyboard.press("ArrowDown");
  await expect(hits.first()).toHaveAttribute("aria-selected", "true");
  await expect(field(page)).toHaveAttribute("aria-activedescendant", (await hits.first().getAttribute("id"))!);
  await expect(field(page)).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(hits.nth(1)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/run\/admin-page#switch-it-on$/);
});

test("the words that matched are marked on the page a hit opens", async ({ page }) => {
  await page.goto("/");
  await field(page).fill("admin token");
  await page.getByRole("option").first().click();
  await expect(page).toHaveURL(/\/run\/admin-page/);
  const marked = await page.waitForFunction(() => {
    const ranges = [...(CSS.highlights.get("terms") ?? [])] as StaticRange[];
    return ranges.length && ranges.map((range) => range.startContainer.textContent!.slice(range.startOffset, range.endOffset));
  });
  const words = ((await marked.jsonValue()) as string[]).map((word) => word.toLowerCase());
  expect(words).toContain("admin");
  expect(words).toContain("token");
});

test("what was found is said, and what was not", async ({ page }) => {
  await page.goto("/");
  await expect(spoken(page)).toHaveAttribute("role", "status");
  await field(page).fill("admin token");
  await expect(spoken(page)).toHaveText(/^\d+ results$/);
  await field(page).fill(unknownWord);
  await expect(spoken(page)).toHaveText(`Nothing found for “${unknownWord}”`);
  await expect(page.locator("[data-found]")).toContainText("Check the spelling");
});

test("Escape closes the list and keeps the words", async ({ page }) => {
  await page.goto("/");
  await field(page).fill("admin token");
  await expect(page.getByRole("option").first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("option").first()).toBeHidden();
  await expect(field(page)).toHaveValue("admin token");
  await expect(field(page)).toHaveAttribute("aria-expanded", "false");
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("option").first()).toBeVisible();
});

test("an answer that comes after Escape does not open the list again", async ({ page }) => {
  const release = await typeOn(page, ["/elsewhere"]);
  await page.keyboard.press("Escape");
  release();
  await expect(page.locator("[data-found] a")).toHaveText(["Hit 0"]);
  await expect(page.locator("[data-found]")).toBeHidden();
  await expect(field(page)).toHaveAttribute("aria-expanded", "false");
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("option", { selected: true })).toHaveText("Hit 0");
});

test("Enter shows the hits that typing showed, in their order", async ({ page }) => {
  await page.goto("/");
  await type(page, "search tes");
  await expect(page.getByRole("option").first()).toBeVisible();
  const typed = await hitAddresses(page);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/search\?q=search\+tes$/);
  await expect.poll(() => hitAddresses(page)).toEqual(typed);
});

test("only the newest answer is shown, whichever comes last", async ({ page }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const settled = new Promise<void>((resolve) => {
    const settle = (request: Request) => isAbout("markdown")(request) && resolve();
    page.on("requestfinished", settle).on("requestfailed", settle);
  });
  await page.route(results("markdown"), async (route) => {
    await held;
    await route.continue().catch(() => {}); // the page may have given it up
  });
  await page.goto("/");
  const asked = page.waitForRequest(isAbout("markdown"));
  await field(page).fill("markdown");
  await asked;
  await field(page).fill("admin token");
  await expect(page.getByRole("option").first()).toContainText("admin page");
  const newest = await hitAddresses(page);
  release();
  await settled;
  expect(await hitAddresses(page)).toEqual(newest);
});

test("an answer that comes late leaves the reader at the chosen hit", async ({ page }) => {
  const release = await typeOn(page, ["/elsewhere", "/run/admin-page#switch-it-on:~:text=token"]);
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("option").first()).toHaveAttribute("href", /admin-page#switch-it-on/);
  release();
  const chosen = page.getByRole("option", { selected: true });
  await expect(chosen).toHaveText("Hit 1");
  await expect(field(page)).toHaveAttribute("aria-activedescendant", (await chosen.getAttribute("id"))!);
});

test("a chosen hit that a late answer lacks gives the choice back to the field", async ({ page }) => {
  const release = await typeOn(page, ["/elsewhere"]);
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("option", { selected: true })).toHaveCount(1);
  release();
  await expect(page.getByRole("option")).toHaveText(["Hit 0"]);
  await expect(page.getByRole("option", { selected: true })).toHaveCount(0);
  await expect(field(page)).toHaveAttribute("aria-activedescendant", "");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/search\?q=admin\+token$/);
});

test("on the results page the focus stays at its hit, or goes back to the field", async ({ page }) => {
  for (const [addresses, focused] of [
    [["/elsewhere", "/run/admin-page#switch-it-on"], ".hits a >> nth=1"],
    [["/elsewhere"], "#q"],
  ] as const) {
    await page.goto("/search?q=admin+tok");
    const late = await holdAnswer(page, "admin+token", addresses);
    await field(page).press("End");
    await page.keyboard.type("en");
    await late.asked;
    await page.keyboard.press("ArrowDown");
    await expect(page.locator(".hit-link").first()).toBeFocused();
    late.release();
    await expect(page.locator(".hit-link").first()).toHaveText("Hit 0");
    await expect(page.locator(focused)).toBeFocused();
    await page.unrouteAll();
  }
});

test("on the results page the results and the address follow the typing", async ({ page }) => {
  await page.goto("/search?q=markdown");
  await field(page).fill("admin token");
  await expect(page).toHaveURL(/q=admin\+token/);
  await expect(page.locator(".hit-link").first()).toContainText("admin page");
  await page.keyboard.press("ArrowDown");
  await expect(page.locator(".hit-link").first()).toBeFocused();
});

test.describe("when the server does not answer", () => {
  test.use({ allowed: [/503/] });

  test("the search says how to go on", async ({ page }) => {
    await page.route("**/search/results*", (route) => route.fulfill({ status: 503, body: "" }));
    await page.goto("/");
    await field(page).fill("admin token");
    await expect(spoken(page)).toHaveText("The search did not answer. Press Enter to open the results page.");
    await page.keyboard.press("Enter");
    await expect(page.locator(".hit-link").first()).toBeVisible();
  });
});

test("earlier searches are proposed before anything is typed, and can be forgotten", async ({ page }) => {
  await page.goto("/search?q=front+matter");
  await page.waitForFunction(() => localStorage.getItem("signpost-searches"));
  await page.goto("/");
  await field(page).fill("admin token");
  await page.getByRole("option", { name: "admin page" }).first().click();
  await expect(page).toHaveURL(/\/run\/admin-page/);
  await page.goto("/");
  await field(page).focus();
  await expect(page.getByRole("option")).toHaveText(["admin token", "front matter"]);
  await expect(field(page)).toHaveAttribute("aria-expanded", "true");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/search\?q=front\+matter$/);
  await page.goto("/");
  await field(page).focus();
  await page.getByRole("option", { name: "admin token" }).click(asPeopleDo);
  await expect(page).toHaveURL(/\/search\?q=admin\+token$/);
  await page.goto("/");
  await field(page).focus();
  await page.getByRole("button", { name: "Forget recent searches" }).click(asPeopleDo);
  await expect(page.getByRole("option")).toHaveCount(0);
  await expect.poll(() => page.evaluate(() => localStorage.getItem("signpost-searches"))).toBeNull();
  await page.reload();
  const answered = page.waitForResponse((response) => results("").test(response.url()));
  await field(page).focus();
  await answered;
  await expect(page.getByRole("option")).toHaveCount(0);
});

/** Types key by key, and waits for the answer to the whole of it. */
async function type(page: Page, text: string): Promise<void> {
  const answered = page.waitForResponse((response) => isAbout(text.replaceAll(" ", "+"))(response.request()));
  await field(page).pressSequentially(text);
  await answered;
  await expect(page.locator(".search")).not.toHaveAttribute("aria-busy");
}

/** Types on while hits are shown; what is given lets the answer come, with hits at these addresses. */
async function typeOn(page: Page, addresses: readonly string[]): Promise<() => void> {
  const late = await holdAnswer(page, "admin+token", addresses);
  await page.goto("/");
  await type(page, "admin tok");
  await page.keyboard.type("en");
  await late.asked;
  return late.release;
}

/** Answers the search for `query`, once it is told to, with hits at these addresses. */
async function holdAnswer(page: Page, query: string, addresses: readonly string[]) {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const hits = addresses.map((address, at) => `<li class="hit"><a class="hit-link" href="${address}">Hit ${at}</a></li>`);
  await page.route(results(query), async (route) => {
    await held;
    await route.fulfill({ contentType: "text/html", body: `<ol class="hits" id="hits">${hits.join("")}</ol>` });
  });
  return { asked: page.waitForRequest(isAbout(query)), release };
}

function isAbout(word: string): (request: Request) => boolean {
  return (request) => results(word).test(request.url());
}

/** The address of the answer to `query`, which is as it stands in an address. */
function results(query: string): RegExp {
  const literal = query.replace(/[^\w]/g, "\\$&");
  return new RegExp(`/search/results\\?(typing=1&)?q=${literal}$`);
}

function hitAddresses(page: Page): Promise<string[]> {
  return page.locator(".hits a").evaluateAll((links) => links.map((link) => link.getAttribute("href")!));
}
