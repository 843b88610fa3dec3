import AxeBuilder from "@axe-core/playwright";
import { type ConsoleMessage, type Cookie, type Page, type Response, expect, test as base } from "@playwright/test";
import { type Kind, signIn } from "./kinds";
import { Server } from "./server";

export { expect };

type PerTest = {
  /** What the reader answered to the question what is allowed. Most tests are not about it. */
  allows: "nothing" | "analytics" | "unasked";
  /** What the browser may complain about in this test, because the test is about just that. */
  allowed: RegExp[];
  /** Fails the test on any script error, console error or violation of the Content-Security-Policy. */
  complaints: string[];
  /** Opens a kind of page. */
  visit: (kind: Kind) => Promise<Response | null>;
  /**
   * Fails with what axe finds wrong on a page as it is now, by all its rules or by some. axe is script itself: without
   * script nothing is looked at.
   */
  expectAccessible: (rules?: string[], on?: Page) => Promise<void>;
};

type PerWorker = {
  /** More words for `signpost serve`. */
  serveArgs: string[];
  server: Server;
  /** The cookies of somebody who gave the admin token, which each worker does once: attempts are few. */
  staffCookies: Cookie[];
};

export const test = base.extend<PerTest, PerWorker>({
  serveArgs: [[], { option: true, scope: "worker" }],
  server: [
    async ({ serveArgs }, use) => {
      const server = await Server.start(serveArgs);
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  staffCookies: [
    async ({ browser, server }, use) => {
      const page = await browser.newPage({ baseURL: server.origin });
      await signIn(page);
      await page.waitForURL("**/admin");
      await use(await page.context().cookies());
      await page.close();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ server }, use) => use(server.origin),
  allows: ["nothing", { option: true }],
  context: async ({ context, allows }, use) => {
    const letters = allows === "analytics" ? "a" : "";
    const value = `${"0".repeat(32)}.${letters}.1`;
    const cookie = { name: "__Host-signpost-consent", value, domain: "127.0.0.1", path: "/", secure: true };
    if (allows !== "unasked") await context.addCookies([cookie]);
    await use(context);
  },
  allowed: [[], { option: true }],
  complaints: [
    async ({ page, allowed }, use) => {
      const complaints = await listen(page);
      await use(complaints);
      const serious = complaints.filter((complaint) => !allowed.some((pattern) => pattern.test(complaint)));
      expect(serious, "the browser complained").toEqual([]);
    },
    { auto: true },
  ],
  visit: async ({ page, context, staffCookies }, use) => {
    await use(async (kind) => {
      if (kind.staff) await context.addCookies(staffCookies);
      return kind.open(page);
    });
  },
  expectAccessible: async ({ page, javaScriptEnabled }, use) => {
    await use(async (rules, on = page) => {
      if (javaScriptEnabled === false) return;
      const { violations } = await new AxeBuilder({ page: on }).options(rules ? { runOnly: rules } : axeOptions).analyze();
      expect(violations.map(({ id, help, nodes }) => ({ id, help, at: nodes.map(({ target }) => target) }))).toEqual([]);
    });
  },
});

/** axe leaves the size of targets (WCAG 2.2, 2.5.8) out unless it is asked. */
const axeOptions = { rules: { "target-size": { enabled: true } } };

async function listen(page: Page): Promise<string[]> {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`script error: ${error.stack || error.message || error}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !isStatusOfPage(page, message)) {
      complaints.push(`console: ${message.text()} (${message.location().url})`);
    }
  });
  // The browser itself prints enforced violations; this adds those of a policy that only reports.
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sourceFile }) => {
      console.error(`policy violation: ${effectiveDirective} blocked ${blockedURI} (${sourceFile})`);
    });
  });
  return complaints;
}

/** Chromium calls it an error when the page asked for answers 404; whether it should is for the test to say. */
function isStatusOfPage(page: Page, message: ConsoleMessage): boolean {
  return message.text().startsWith("Failed to load resource") && message.location().url === page.url();
}
