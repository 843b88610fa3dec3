import { expect, test } from "../fixture";

test("links of hits tell the browser what to mark", async ({ page }) => {
  await page.goto("/search?q=admin+token");
  const first = page.locator(".hit-link").first();
  await expect(first).toHaveAttribute("href", /^\/run\/admin-page#switch-it-on:~:text=[^&]+(&text=[^&]+)*$/);
});

test("what opens the dialog with script is a link to the search page", async ({ page }) => {
  await page.goto("/write/first-article");
  await page.getByRole("link", { name: "Search", exact: true }).click();
  await expect(page).toHaveURL(/\/search$/);
  await page.locator("#q").fill("callouts");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.locator(".hit-link").first()).toHaveAttribute("href", /^\/write\/markdown#callouts/);
});

test("nothing that needs script is shown", async ({ page }) => {
  await page.goto("/write/first-article");
  await expect(page.getByText("Appearance")).toBeHidden();
  await expect(page.locator(".js-only:visible")).toHaveCount(0);
});
