import type { Page } from "@playwright/test";
import { expect, test } from "../fixture";

const question = (page: Page) => page.getByRole("region", { name: "Privacy" });
const analytics = (page: Page) => page.getByRole("checkbox", { name: "Analytics" });

test.describe("who was not asked yet", () => {
  test.use({ allows: "unasked" });

  test("is asked on every page until there is an answer, and comes back to the page", async ({ page }) => {
    await page.goto("/search?q=markdown");
    await expect(question(page)).toBeVisible();
    await page.goto("/write/markdown");
    await question(page).getByRole("button", { name: "Do not allow" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Markdown you can use");
    await expect(question(page)).toBeHidden();
    await page.goto("/");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(question(page)).toBeHidden();
    await page.goto("/privacy");
    await expect(analytics(page)).not.toBeChecked();
  });

  test("can allow at once, and take it back", async ({ page }) => {
    await page.goto("/");
    await question(page).getByRole("button", { name: "Allow", exact: true }).click();
    await expect(question(page)).toBeHidden();
    await page.getByRole("link", { name: "Privacy" }).click();
    await expect(analytics(page)).toBeChecked();
    await analytics(page).uncheck();
    await page.getByRole("button", { name: "Save choice" }).click();
    await expect(analytics(page)).not.toBeChecked();
    await page.reload();
    await expect(analytics(page)).not.toBeChecked();
  });

  test("can read what is meant first", async ({ page }) => {
    await page.goto("/de/start");
    await page.getByRole("region", { name: "Datenschutz" }).getByRole("link").click();
    await expect(page).toHaveURL(/\/de\/privacy$/);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Datenschutz");
  });

  test.describe("and whose browser says no", () => {
    test.use({ extraHTTPHeaders: { "Sec-GPC": "1" } });

    test("is not asked, and told that it counts", async ({ page }) => {
      await page.goto("/");
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(question(page)).toBeHidden();
      await page.goto("/privacy");
      await expect(page.getByRole("status").filter({ hasText: "Global Privacy Control" })).toBeVisible();
      await expect(analytics(page)).toBeDisabled();
    });
  });
});

test("a page whose reader refused asks nobody but this site", async ({ page, baseURL }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  for (const path of ["/", "/write/markdown", "/search?q=markdown", "/privacy"]) {
    await page.goto(path);
    await page.waitForLoadState("networkidle");
  }
  expect(asked.length).toBeGreaterThan(8);
  expect(asked.filter((url) => !url.startsWith(`${baseURL}/`))).toEqual([]);
});

test("a reader sees what was searched and opened, and removes it", async ({ page }) => {
  await page.goto("/search?q=markdown");
  await page.locator(".hit-link").first().click();
  await expect(page).toHaveURL(/\/write\//);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const steps = page.locator(".trail li");
  await page.goto("/privacy");
  await expect(steps.filter({ hasText: "Searched for “markdown”" })).toHaveCount(1);
  // What is told while a page is left may arrive after the next one was made.
  await expect(async () => {
    await page.reload();
    await expect(steps.filter({ hasText: "Opened result 1 for “markdown”" })).toHaveCount(1, { timeout: 500 });
  }).toPass();
  await steps.filter({ hasText: "Searched for" }).getByRole("button").click();
  await expect(steps.filter({ hasText: "Searched for" })).toHaveCount(0);
  await page.getByRole("button", { name: "Remove all" }).click();
  await expect(page.getByText("Nothing is noted here.")).toBeVisible();
});
