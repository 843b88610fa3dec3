import { expect, test } from "../fixture";

test("a hit leads by the server to its section, and tells the browser what to mark", async ({ page }) => {
  await page.goto("/search?q=admin+token");
  const first = page.locator(".hit-link").first();
  await expect(first).toHaveAttribute("data-url", /^\/run\/admin-page#switch-it-on:~:text=[^&]+(&text=[^&]+)*$/);
  const led = page.waitForResponse((response) => response.status() === 303);
  await first.click();
  expect((await led).headers()["location"]).toMatch(/^\/run\/admin-page#switch-it-on:~:text=/);
  await expect(page).toHaveURL(/\/run\/admin-page#switch-it-on/);
});

test("what opens the dialog with script is a link to the search page", async ({ page }) => {
  await page.goto("/write/first-article");
  await page.getByRole("link", { name: "Search", exact: true }).click();
  await expect(page).toHaveURL(/\/search$/);
  await page.locator("#q").fill("callouts");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.locator(".hit-link").first()).toHaveAttribute("data-url", /^\/write\/markdown#callouts/);
});

test("nothing that needs script is shown", async ({ page }) => {
  await page.goto("/write/first-article");
  await expect(page.getByText("Appearance")).toBeHidden();
  await expect(page.locator(".js-only:visible")).toHaveCount(0);
});
