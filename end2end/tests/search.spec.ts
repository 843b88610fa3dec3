import type { Locator } from "@playwright/test";
import { expect, test } from "../fixture";
import { unknownWord } from "../kinds";

test("a search from the home page leads to the section that answers", async ({ page }) => {
  await page.goto("/");
  await page.locator("#q").fill("admin token");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/search\?q=admin\+token$/);
  await expect(page).toHaveTitle(/^admin token – Search/);
  await page.locator(".hit-link").first().click();
  await expect(page).toHaveURL(/\/run\/admin-page#switch-it-on$/);
  await expect(page.getByRole("heading", { name: "Switch it on" })).toBeInViewport();
});

test("hits show the words that matched, and the category they are in", async ({ page }) => {
  await page.goto("/search?q=admin+token");
  const first = page.locator(".hit").first();
  await expect(first.locator("mark").first()).toHaveText(/admin|token/i);
  await expect(first.locator(".hit-where")).toHaveText("Run");
});

test("a category narrows the results, and gives them back", async ({ page }) => {
  await page.goto("/search?q=signpost");
  const all = await page.locator("[data-count]").textContent();
  const facet = page.getByRole("navigation", { name: "Narrow down" }).getByRole("link", { name: /^Write/ });
  const promised = await facet.locator(".number").textContent();
  await facet.click();
  await expect(page.locator("[data-count]")).toHaveText(`${promised} results`);
  await expect(facet).toHaveAttribute("aria-current", "true");
  for (const hit of await page.locator(".hit-link").all()) await expect(hit).toHaveAttribute("data-url", /^\/write\//);
  await page.getByRole("link", { name: "Clear filters" }).click();
  await expect(page.locator("[data-count]")).toHaveText(all!);
});

test("a chosen filter stays for the next question", async ({ page }) => {
  await page.goto("/search?q=signpost&category=run");
  await page.locator("#q").fill("token");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/q=token/);
  for (const hit of await page.locator(".hit-link").all()) await expect(hit).toHaveAttribute("data-url", /^\/run\//);
});

test("results go on over pages, none twice", async ({ page }) => {
  await page.goto("/search?q=signpost");
  const pager = page.getByRole("navigation", { name: "Pages of results" });
  const seen: string[] = [];
  for (;;) {
    seen.push(...(await addresses(page.locator(".hit-link"))));
    const next = pager.getByRole("link", { name: "Next page" });
    if (!(await next.isVisible())) break;
    await next.click();
    await expect(pager).not.toContainText(`Page ${Math.ceil(seen.length / 10)} of`);
  }
  await expect(page.locator("[data-count]")).toHaveText(`${seen.length} results`);
  expect(new Set(seen).size).toBe(seen.length);
  await page.goBack();
  await expect(pager.getByRole("link", { name: "Next page" })).toBeVisible();
});

test("a query that finds nothing says what to do", async ({ page }) => {
  await page.goto(`/search?q=${unknownWord}`);
  await expect(page.getByText(`Nothing found for “${unknownWord}”`)).toBeVisible();
  await expect(page.getByText("Check the spelling")).toBeVisible();
  await expect(page.locator("#q")).toHaveValue(unknownWord);
});

test("a tag of an article leads to all articles that carry it", async ({ page }) => {
  await page.goto("/write/folders-and-addresses");
  await page.getByRole("list", { name: "Tags" }).getByRole("link", { name: "structure" }).click();
  await expect.poll(() => addresses(page.locator(".hit-link"))).toContain("/write/folders-and-addresses");
});

test("odd queries are answered as any other", async ({ page }) => {
  for (const query of ["x".repeat(5000), "\u0000\u0007", "???!", "the of and", "𓀀 🧭 ﷽", '"><script>alert(1)</script>']) {
    const answer = await page.goto(`/search?q=${encodeURIComponent(query)}`);
    expect(answer?.status(), query.slice(0, 20)).toBe(200);
    await expect(page.locator("[data-count]")).not.toBeEmpty();
  }
});

/** Paths of the pages behind the links, whichever way leads there. */
function addresses(links: Locator): Promise<string[]> {
  return links.evaluateAll((found) =>
    (found as HTMLAnchorElement[]).map((link) => new URL(link.dataset.url ?? link.href, link.href).pathname),
  );
}

test("a corrected search says so and leads back", async ({ page }) => {
  await page.goto("/search?q=chagne+colours");
  await expect(page.locator(".notice")).toContainText("These results are for “change colours”.");
  await expect(page.locator(".hit-link").first()).toContainText("Change colours");
  await page.getByRole("link", { name: "Search only for “chagne colours”" }).click();
  await expect(page).toHaveURL(/verbatim=1/);
  await expect(page.locator(".results-head")).not.toContainText("These results are for");
});

test("a phrase and words left out narrow a search", async ({ page }) => {
  await page.goto("/search?q=%22front+matter%22+-jekyll");
  await expect(page.locator(".notice")).toContainText("Articles that contain “jekyll” are left out.");
  await expect(page.locator(".hit-link").first()).toContainText(/front matter/i);
});
