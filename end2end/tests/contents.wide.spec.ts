import { expect, test } from "../fixture";

test("the table of contents follows the reader", async ({ page }) => {
  await page.goto("/write/markdown");
  const contents = page.getByRole("navigation", { name: "On this page" });
  const current = contents.locator("[aria-current=location]");
  await page.mouse.move(700, 500);
  await page.mouse.wheel(0, 1600);
  await expect(current).toHaveCount(1);
  const first = await current.textContent();
  await page.mouse.wheel(0, 1600);
  await expect(current).not.toHaveText(first!);
  await expect(contents).toBeInViewport();
});

test("a heading that is chosen is the current one", async ({ page }) => {
  await page.goto("/write/markdown");
  const contents = page.getByRole("navigation", { name: "On this page" });
  await contents.getByRole("link", { name: "Tables" }).click();
  await expect(page).toHaveURL(/#tables$/);
  await expect(contents.getByRole("link", { name: "Tables" })).toHaveAttribute("aria-current", "location");
});

test("the menu shows the branch and where the reader is", async ({ page }) => {
  await page.goto("/write/markdown");
  const branch = page.getByRole("navigation", { name: "In this section" });
  await expect(branch.getByRole("link", { name: "Markdown you can use" })).toHaveAttribute("aria-current", "page");
  await branch.getByRole("link", { name: "Show code" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Show code");
});
