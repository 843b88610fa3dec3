import { expect, test } from "../fixture";

test("breadcrumbs lead up", async ({ page }) => {
  await page.goto("/write/markdown");
  const crumbs = page.getByRole("navigation", { name: "You are here" });
  await crumbs.getByRole("link", { name: "Write" }).click();
  await expect(page).toHaveURL(/\/write$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Write");
  await crumbs.getByRole("link").first().click();
  await expect(page).toHaveURL(/:\d+\/$/);
});

test("the next article's previous is this one", async ({ page }) => {
  await page.goto("/write/first-article");
  await page.locator("a[rel=next]").click();
  await expect(page).toHaveURL(/\/write\/folders-and-addresses$/);
  await page.locator("a[rel=prev]").click();
  await expect(page).toHaveURL(/\/write\/first-article$/);
});

test("related articles open", async ({ page }) => {
  await page.goto("/write/markdown");
  await page.getByRole("region", { name: "Related articles" }).getByRole("link", { name: "Show code" }).click();
  await expect(page).toHaveURL(/\/write\/code-blocks$/);
});

test("a link to a question opens it", async ({ page }) => {
  await page.goto("/troubleshoot/questions");
  const answer = page.getByText("There are no calls home");
  await expect(answer).toBeHidden();
  await page.goto("/troubleshoot/questions#does-it-send-anything-to-anyone");
  await expect(answer).toBeVisible();
  await expect(answer).toBeInViewport();
});

test("a question opens and closes", async ({ page }) => {
  await page.goto("/troubleshoot/questions");
  const question = page.locator("summary", { hasText: "Does it need a database server?" });
  const answer = page.getByText("It keeps a small SQLite file");
  await question.click();
  await expect(answer).toBeVisible();
  await question.click();
  await expect(answer).toBeHidden();
});

test("images are there, keep their place and are described", async ({ page }) => {
  await page.goto("/read/appearance-and-language");
  const images = page.locator(".prose img");
  await expect(images).toHaveCount(2);
  for (const image of await images.all()) {
    await image.scrollIntoViewIfNeeded();
    await expect(image).toHaveAttribute("alt", /\w/);
    await expect(image).toHaveAttribute("width", /^\d+$/);
    await expect(image).toHaveAttribute("height", /^\d+$/);
    await expect.poll(() => image.evaluate((it: HTMLImageElement) => it.complete && it.naturalWidth)).toBeGreaterThan(0);
  }
});

test("the Markdown of an article is beside it", async ({ page, request }) => {
  await page.goto("/write/first-article");
  const address = await page.getByRole("link", { name: "View as Markdown" }).getAttribute("href");
  expect(address).toBe("/write/first-article.md");
  const answer = await request.get(address!);
  expect(answer.headers()["content-type"]).toContain("text/markdown");
  expect(await answer.text()).toContain("# Write your first article");
});

test("a lasting link leads to the article", async ({ page }) => {
  await page.goto("/write/first-article");
  await page.getByRole("link", { name: "Permanent link" }).click();
  await expect(page).toHaveURL(/\/write\/first-article$/);
});

test("on paper there is the article and no navigation", async ({ page }) => {
  await page.goto("/write/markdown");
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  for (const left_out of ["header", "footer", "nav", "dialog", ".side-buttons", ".prose .anchor", ".code button"]) {
    await expect(page.locator(`${left_out}:visible`), left_out).toHaveCount(0);
  }
});

test("on paper all answers are open", async ({ page }) => {
  await page.goto("/troubleshoot/questions");
  await page.emulateMedia({ media: "print" });
  await expect(page.getByText("There are no calls home")).toBeVisible();
});

test("no heading lies under the bar when a link leads to it", async ({ page }) => {
  await page.goto("/write/markdown#definitions");
  const bar = (await page.locator(".site-header").boundingBox())!;
  await expect.poll(async () => (await page.locator("#definitions").boundingBox())!.y).toBeGreaterThan(bar.y + bar.height);
});
