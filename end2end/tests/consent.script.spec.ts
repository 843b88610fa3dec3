import type { Page } from "@playwright/test";
import { expect, test } from "../fixture";
import { Server } from "../server";

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
  // A clock that stands: on a slow machine it would go on while the page loads.
  await page.clock.install({ time: 0 });
  await page.clock.pauseAt(1_000);
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

test("a vendor's script is loaded once its reader allows it, and not before", async ({ browser }) => {
  const server = await Server.start([], { env: { SIGNPOST__TAGS__GTAG: '{ id = "G-TEST1" }' } });
  const context = await browser.newContext({ baseURL: server.origin });
  const asked: string[] = [];
  await context.route("https://www.googletagmanager.com/**", async (route) => {
    asked.push(route.request().url());
    await route.fulfill({ contentType: "text/javascript", body: "document.title = 'The vendor is here'" });
  });
  const page = await context.newPage();
  await page.goto("/");
  await page.waitForLoadState("networkidle");
  expect(asked).toEqual([]);
  await page.getByRole("button", { name: "Allow", exact: true }).click();
  await expect(page).toHaveTitle("The vendor is here");
  expect(asked[0]).toBe("https://www.googletagmanager.com/gtag/js?id=G-TEST1");
  await page.goto("/privacy");
  await page.getByRole("checkbox", { name: "Analytics" }).uncheck();
  await page.getByRole("button", { name: "Save choice" }).click();
  await expect(page.getByRole("checkbox", { name: "Analytics" })).not.toBeChecked();
  const before = asked.length;
  await page.goto("/write/markdown");
  await page.waitForLoadState("networkidle");
  expect(asked.length).toBe(before);
  await context.close();
  await server.stop();
});
