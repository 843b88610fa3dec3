import { expect, test } from "../fixture";

for (const key of ["/", "Control+k"]) {
  test(`${key} opens the search from any page`, async ({ page }) => {
    await page.goto("/write/first-article");
    await page.keyboard.press(key);
    await expect(page.getByRole("dialog", { name: "Search" })).toBeVisible();
    await expect(page.locator("#q")).toBeFocused();
    await expect(page.locator("#q")).toHaveValue("");
  });

  test(`${key} reaches for the field of a page that has one`, async ({ page }) => {
    await page.goto("/");
    await page.keyboard.press(key);
    await expect(page.locator("#q")).toBeFocused();
  });
}

test("a slash can be typed into the field", async ({ page }) => {
  await page.goto("/write/first-article");
  await page.keyboard.press("/");
  await page.keyboard.type("a/b");
  await expect(page.locator("#q")).toHaveValue("a/b");
});

test("Escape closes the dialog at once and gives the focus back", async ({ page }) => {
  await page.goto("/write/first-article");
  const opener = page.getByRole("link", { name: "Search" });
  await opener.click();
  await page.locator("#q").fill("admin token");
  await expect(page.getByRole("option").first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(opener).toBeFocused();
});

test("a hit on the page itself closes the dialog and goes there", async ({ page }) => {
  await page.goto("/run/admin-page");
  await page.keyboard.press("/");
  await page.locator("#q").fill("admin token");
  await expect(page.getByRole("option").first()).toBeVisible();
  await expect(page.locator(".search")).not.toHaveAttribute("aria-busy");
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("option", { selected: true })).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page).toHaveURL(/\/run\/admin-page#switch-it-on$/);
});

test("the dialog leads on to all results", async ({ page }) => {
  await page.goto("/write/first-article");
  await page.keyboard.press("/");
  await page.locator("#q").fill("signpost");
  await page.getByRole("link", { name: "See all results" }).click();
  await expect(page).toHaveURL(/\/search\?q=signpost$/);
});
