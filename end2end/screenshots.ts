import type { Page } from "@playwright/test";
import { appendFile, cp, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test as base } from "./fixture";
import { signIn } from "./kinds";
import { Server } from "./server";

const content = fileURLToPath(new URL("../content", import.meta.url));
const wide = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };

/** The manual as it is in the working tree, under its own name. */
const settings = {
  SIGNPOST__CONTENT__WATCH: "false",
  SIGNPOST__SITE__NAME: "Signpost",
  SIGNPOST__SITE__TAGLINE: "Everything about writing and running a help center",
  SIGNPOST__SITE__PICKED: '["start/first-help-center", "write/first-article", "run/deploy"]',
};

const test = base.extend<object, { server: Server }>({
  server: [
    async ({}, use) => {
      const server = await Server.start(["--content", content], { env: settings });
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
});

test.use({ viewport: wide });

test("home", async ({ page }) => {
  await page.goto("/");
  await take(page, "home");
});

test("article", async ({ page }) => {
  await page.goto("/start/first-help-center");
  await take(page, "article");
});

test("search", async ({ page }) => {
  await page.goto("/search?q=broken+link");
  await take(page, "search");
});

test("dark", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto("/write/code-blocks");
  await take(page, "dark");
});

test.describe(() => {
  test.use({ viewport: phone, isMobile: true, hasTouch: true });

  test("phone", async ({ page }) => {
    await page.goto("/write/first-article");
    await take(page, "phone");
  });
});

test("admin", async ({ page }) => {
  const folder = await mkdtemp(path.join(tmpdir(), "signpost-"));
  await cp(content, path.join(folder, "content"), { recursive: true });
  // A manual without a fault would show nothing of what the page is for.
  await appendFile(path.join(folder, "content/write/first-article.md"), "\n[Prices](../billing/prices.md)\n");
  await appendFile(path.join(folder, "content/run/deploy.md"), "\n[How to](#in-the-cloud)\n");
  const server = await Server.start(["--content", "content"], { env: settings, folder });
  for (const path of ["/", "/write/markdown", "/run/settings"]) await page.goto(server.origin + path);
  await signIn(page, server.origin);
  await expect(page.getByRole("heading", { name: "Slowest pages" })).toBeAttached();
  await take(page, "admin");
  await server.stop();
});

async function take(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: path.join(content, "images", `${name}.png`), animations: "disabled", caret: "hide" });
}
