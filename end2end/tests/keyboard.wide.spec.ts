import type { Page } from "@playwright/test";
import { expect, test } from "../fixture";

test("the keyboard leads from the home page to an article", async ({ page }) => {
  await page.goto("/");
  await tabTo(page, "Write");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/write$/);
  await tabTo(page, /^Markdown you can use/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Markdown you can use");
});

test("the first key leads past the bar to the text", async ({ page }) => {
  await page.goto("/write/markdown");
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => Boolean(document.activeElement?.closest("main")))).toBe(true);
});

test("whatever has the focus shows it, and is not hidden", async ({ page }) => {
  await page.goto("/write/markdown");
  const places = await page.locator("a[href], button, summary, [tabindex='0']").count();
  let looked = 0;
  for (let step = 0; step < places; step++) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(focused);
    if (!focus) break;
    expect(focus.outlined, `no outline around ${focus.name}`).toBe(true);
    expect(focus.seen, `${focus.name} is out of sight`).toBe(true);
    looked++;
  }
  expect(looked).toBeGreaterThan(20);
});

test("the keys of the manual work where it says so", async ({ page }) => {
  await page.goto("/");
  await page.locator("summary[aria-label=Appearance]").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Match system" })).toBeFocused();
});

/** What has the focus; nothing once it has left the page. */
function focused() {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const { outlineStyle, outlineWidth, opacity } = getComputedStyle(element);
  const { top, bottom, width, height } = element.getBoundingClientRect();
  return {
    name: `${element.localName} “${(element.ariaLabel ?? element.textContent ?? "").trim().slice(0, 40)}”`,
    outlined: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
    seen: Number(opacity) > 0 && width > 0 && height > 0 && bottom > 0 && top < innerHeight,
  };
}

/** Presses Tab until the link with that name has the focus. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const link = page.getByRole("main").getByRole("link", { name, exact: true });
  const places = await page.locator("a[href], button, summary, input").count();
  for (let step = 0; step < places; step++) {
    await page.keyboard.press("Tab");
    if (await link.evaluateAll((links) => links.includes(document.activeElement as HTMLElement))) return;
  }
  throw new Error(`no Tab leads to a link called ${name}`);
}
