import type { Page } from "@playwright/test";
import { expect, test } from "../fixture";
import { background, brightness } from "../colours";

test.use({ colorScheme: "light" });

test("a chosen appearance stays, on every page", async ({ page }) => {
  await page.goto("/");
  await choose(page, "Dark");
  await expect.poll(async () => brightness(await background(page))).toBeLessThan(0.1);
  await page.goto("/write/markdown");
  expect(brightness(await background(page))).toBeLessThan(0.1);
  await page.locator("summary[aria-label=Appearance]").click();
  await expect(page.getByRole("button", { name: "Dark" })).toHaveAttribute("aria-pressed", "true");
});

test("a chosen appearance is there before the first paint", async ({ page }) => {
  await page.goto("/");
  await choose(page, "Dark");
  await watchBackground(page);
  await page.goto("/write/markdown");
  await page.waitForFunction(() => document.readyState === "complete");
  expect(await page.evaluate(() => [...new Set(window.backgrounds)])).toHaveLength(1);
  expect(brightness(await background(page))).toBeLessThan(0.1);
});

test("the system's appearance can be had back", async ({ page }) => {
  await page.goto("/");
  await choose(page, "Dark");
  await choose(page, "Match system");
  await page.reload();
  expect(brightness(await background(page))).toBeGreaterThan(0.9);
});

test("high contrast can be chosen, in light and in dark", async ({ page }) => {
  await page.goto("/write/markdown");
  await choose(page, "High contrast");
  await expect(page.locator("body")).toHaveCSS("color", "rgb(0, 0, 0)");
  await page.emulateMedia({ colorScheme: "dark" });
  await expect(page.locator("body")).toHaveCSS("color", "rgb(255, 255, 255)");
});

test("a menu closes by Escape and by a click elsewhere", async ({ page }) => {
  await page.goto("/write/markdown");
  const choice = page.getByRole("button", { name: "High contrast" });
  await page.locator("summary[aria-label=Appearance]").click();
  await expect(choice).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(choice).toBeHidden();
  await page.locator("summary[aria-label=Appearance]").click();
  await page.mouse.click(4, 600);
  await expect(choice).toBeHidden();
});

async function choose(page: Page, name: string): Promise<void> {
  await page.locator("summary[aria-label=Appearance]").click();
  await page.getByRole("button", { name }).click();
}

declare global {
  interface Window {
    /** Every background the page had, frame by frame, from the moment its body was there. */
    backgrounds: string[];
  }
}

async function watchBackground(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.backgrounds = [];
    const look = () => {
      if (document.body) window.backgrounds.push(getComputedStyle(document.documentElement).backgroundColor);
      requestAnimationFrame(look);
    };
    document.addEventListener("DOMContentLoaded", look);
    requestAnimationFrame(look);
  });
}
