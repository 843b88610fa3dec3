import { expect, test } from "../fixture";

test("an article leads to itself in other languages", async ({ page }) => {
  await page.goto("/start/first-help-center");
  await page.locator("summary[aria-label=Language]").click();
  await page.getByRole("link", { name: "Deutsch" }).click();
  await expect(page).toHaveURL(/\/de\/start\/erstes-hilfezentrum$/);
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await page.locator("summary[aria-label=Sprache]").click();
  await expect(page.getByRole("link", { name: "Deutsch" })).toHaveAttribute("aria-current", "true");
  await page.getByRole("link", { name: "English" }).click();
  await expect(page).toHaveURL(/\/start\/first-help-center$/);
});

test("Arabic runs from right to left", async ({ page }) => {
  await page.goto("/ar/start/first-help-center");
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  const [text, brand, code] = await Promise.all(
    ["article h1", ".brand", ".code pre"].map((selector) => page.locator(selector).first()),
  );
  await expect(text).toHaveCSS("text-align", "start");
  const width = page.viewportSize()!.width;
  const box = (await brand.boundingBox())!;
  expect(box.x + box.width, "the name of the site stands at the right").toBeGreaterThan(width * 0.8);
  await expect(code, "code does not turn round").toHaveCSS("direction", "ltr");
});

test("what is not translated is shown in another language, and says so", async ({ page }) => {
  await page.goto("/de/write/markdown");
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await expect(page.getByText("Diese Seite gibt es noch nicht in Ihrer Sprache")).toBeVisible();
  await expect(page.locator("article")).toHaveAttribute("lang", "en");
  await expect(page.locator("article h1")).toHaveText("Markdown you can use");
});

test("an English article under a right-to-left page runs from left to right", async ({ page }) => {
  await page.goto("/ar/write/markdown");
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  await expect(page.locator("article")).toHaveAttribute("dir", "ltr");
});

test("an address of the English article leads to its translation where there is one", async ({ page }) => {
  await page.goto("/de/start/first-help-center");
  await expect(page.getByRole("heading", { level: 1 })).not.toHaveText("Make your first help center");
});

test("a search asks in the language of the page", async ({ page }) => {
  await page.goto("/de");
  await page.locator("#q").fill("Hilfezentrum");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/de\/search\?q=Hilfezentrum$/);
  await expect(page.locator("[data-count]")).toHaveText(/Ergebnis/);
  await expect(page.locator(".hit-link").first()).toHaveAttribute("data-url", /^\/de\//);
});

test("a page of results can be read in another language", async ({ page }) => {
  await page.goto("/search?q=signpost");
  await page.locator("summary[aria-label=Language]").click();
  await page.locator("header").getByRole("link", { name: "Deutsch" }).click();
  await expect(page).toHaveURL(/\/de\/search\?q=signpost$/);
  await page.goto("/search?q=signpost");
  await page.locator(".facets").getByRole("link", { name: "Deutsch" }).click();
  await expect(page).toHaveURL(/\/de\/search\?q=signpost$/);
});

test("search engines are told of the translations", async ({ page }) => {
  await page.goto("/start/first-help-center");
  for (const [language, address] of [
    ["de", "/de/start/erstes-hilfezentrum"],
    ["ar", "/ar/start/first-help-center"],
    ["x-default", "/start/first-help-center"],
  ]) {
    const link = page.locator(`link[rel=alternate][hreflang=${language}]`);
    await expect(link).toHaveAttribute("href", new RegExp(`^http.*:\\d+${address}$`));
  }
});
