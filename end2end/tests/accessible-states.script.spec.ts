import { expect, test } from "../fixture";

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`everybody can use it, ${colorScheme}`, () => {
    test.use({ colorScheme });

    test("hits under the field of the home page", async ({ page, expectAccessible }) => {
      await page.goto("/");
      await page.locator("#q").fill("admin token");
      await expect(page.getByRole("option").first()).toBeVisible();
      await page.keyboard.press("ArrowDown");
      await expectAccessible();
    });

    test("hits in the dialog", async ({ page, expectAccessible }) => {
      await page.goto("/write/markdown");
      await page.keyboard.press("/");
      await page.locator("#q").fill("admin token");
      await expect(page.getByRole("option").first()).toBeVisible();
      await expectAccessible();
    });

    test("earlier searches under the field", async ({ page, expectAccessible }) => {
      await page.addInitScript(() => localStorage.setItem("signpost-searches", "admin token\nfront matter"));
      await page.goto("/");
      await page.locator("#q").focus();
      await expect(page.getByRole("option")).toHaveCount(2);
      await page.keyboard.press("ArrowDown");
      await expectAccessible();
    });

    test("open menus", async ({ page, expectAccessible }) => {
      await page.goto("/start/first-help-center");
      await page.locator("summary[aria-label=Language]").click();
      await expectAccessible();
      await page.locator("summary[aria-label=Appearance]").click();
      await expectAccessible();
    });

    test("high contrast", async ({ page, expectAccessible }) => {
      await page.addInitScript(() => localStorage.setItem("theme", "contrast"));
      await page.goto("/write/markdown");
      await expectAccessible();
    });

    test("open questions", async ({ page, expectAccessible }) => {
      await page.goto("/troubleshoot/questions#does-it-send-anything-to-anyone");
      await expectAccessible();
    });
  });
}
