import type { Page } from "@playwright/test";
import { expect, test } from "../fixture";

test.describe("the question", () => {
  test.use({ allows: "unasked" });

  test("can be read and answered by everybody", async ({ page, expectAccessible }) => {
    await page.goto("/write/markdown");
    await expect(page.getByRole("region", { name: "Privacy" })).toBeVisible();
    await expectAccessible();
  });
});

const steps = (page: Page) => page.locator(".trail li");

test.describe("without a connection", () => {
  test.use({ allowed: [/ERR_INTERNET_DISCONNECTED/] });

  test("what happens is told once there is one", async ({ page, context }) => {
    await page.goto("/write/markdown");
    await context.setOffline(true);
    await page.waitForFunction(() => localStorage.getItem("events"));
    const told = page.waitForResponse((response) => response.url().endsWith("/api/v1/events"));
    await context.setOffline(false);
    expect((await told).status()).toBe(204);
    await page.goto("/privacy");
    await expect(steps(page).filter({ hasText: "Opened Markdown you can use" })).toHaveCount(1);
  });
});

test("how long an article was read is told when it is left", async ({ page }) => {
  await page.clock.install();
  await page.goto("/write/markdown");
  await page.clock.fastForward(12_000);
  await page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await expect(async () => {
    await page.goto("/privacy");
    await expect(steps(page).filter({ hasText: /Read Markdown you can use for 12 s, \d+ %/ })).toHaveCount(1, { timeout: 500 });
  }).toPass();
});
