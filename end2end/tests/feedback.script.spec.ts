import { expect, test } from "../fixture";

test("a vote is answered where it stands, for everybody to read", async ({ page, expectAccessible }) => {
  await page.goto("/write/markdown");
  await page.locator(".vote").getByRole("button", { name: "No" }).click();
  await expect(page.getByRole("status").filter({ hasText: "What was missing?" })).toBeAttached();
  await expect(page).toHaveURL(/\/write\/markdown$/);
  // A link that lies half under the bar at the top counts as too small: which one would depends on the font.
  await page.evaluate(() => scrollTo({ top: 0, behavior: "instant" }));
  await expectAccessible();
});
