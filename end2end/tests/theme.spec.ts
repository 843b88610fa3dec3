import { expect, test } from "../fixture";
import { background, brightness } from "../colours";

test("the page is as dark as the reader's system", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/write/markdown");
  expect(brightness(await background(page))).toBeGreaterThan(0.9);
  await page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(async () => brightness(await background(page))).toBeLessThan(0.1);
});

test("text is black on white when the system asks for contrast", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light", contrast: "more" });
  await page.goto("/write/markdown");
  await expect(page.locator("body")).toHaveCSS("color", "rgb(0, 0, 0)");
});

test("colours of the reader's own leave field, buttons and marks to be seen", async ({ page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await page.goto("/search?q=admin+token");
  await expect(page.locator(".search-form")).toHaveCSS("border-top-style", "solid");
  const mark = page.locator("mark").first();
  const [own, around] = await mark.evaluate((it) => [it, it.closest("li")!].map((el) => getComputedStyle(el).backgroundColor));
  expect(own).not.toBe(around);
});
