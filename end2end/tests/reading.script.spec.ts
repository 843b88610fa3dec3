import type { Page } from "@playwright/test";
import { expect, test } from "../fixture";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

test("the link of a section is copied", async ({ page, baseURL }) => {
  await page.goto("/write/markdown");
  const link = page.getByRole("link", { name: /section: Callouts$/ });
  await link.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status").filter({ hasText: "Copied" })).toBeAttached();
  expect(await clipboard(page)).toBe(`${baseURL}/write/markdown#callouts`);
});

test("code is copied as it stands", async ({ page }) => {
  await page.goto("/write/code-blocks");
  const block = page.locator(".code").nth(1);
  await block.hover();
  await block.getByRole("button", { name: "Copy" }).click();
  await expect(block.getByRole("button")).toHaveText("Copied");
  expect(await clipboard(page)).toBe('fn main() {\n    println!("Hello");\n}\n');
});

test("an opened question is the page's address", async ({ page }) => {
  await page.goto("/troubleshoot/questions");
  await page.locator("summary", { hasText: "Does it need a database server?" }).click();
  await expect(page).toHaveURL(/#does-it-need-a-database-server$/);
});

function clipboard(page: Page): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText());
}
