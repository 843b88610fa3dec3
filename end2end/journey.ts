import type { Page } from "@playwright/test";
import path from "node:path";
import { test as base } from "./fixture";
import { Mailbox } from "./mailbox";
import { type Account, signIn } from "./portal";
import { run, Server } from "./server";

type PerTest = {
  /** The e-mail address of this test's reader. */
  reader: string;
  /** An agent's page, signed in, in a browser context of its own. */
  desk: Page;
};

type PerWorker = { mailbox: Mailbox; server: Server; sam: Account };

/** Settings for tests that send many requests and never wait. */
export const quick = { SIGNPOST__TICKETS__FILL_SECONDS: "0", SIGNPOST__TICKETS__PER_ADDRESS: "1000" };
/** Mails may be answered; what a pipe brought is seen soon. */
const inbound = { SIGNPOST__MAIL__INBOUND__DOMAIN: "in.acme.example", SIGNPOST__DELIVERY__LOOK_MS: "200" };

/** A server that writes mails, which the mailbox keeps, and somebody who answers. */
export const test = base.extend<PerTest, PerWorker>({
  mailbox: [
    async ({}, use) => {
      const mailbox = await Mailbox.open();
      await use(mailbox);
      await mailbox.close();
    },
    { scope: "worker" },
  ],
  server: [
    async ({ mailbox }, use) => {
      const server = await Server.start([], { env: { ...mailbox.env, ...inbound, ...quick } });
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  sam: [
    async ({ server }, use) => {
      const email = "sam@acme.example";
      const said = await run("user", "add", email, "--name", "Sam", "--data", path.join(server.folder, "data"));
      await use({ email, password: /shown only now: (\S+)/.exec(said)![1] });
    },
    { scope: "worker" },
  ],
  reader: async ({}, use, { testId, project }) => {
    await use(`ada-${testId}-${project.name}@customer.example`.toLowerCase());
  },
  desk: async ({ browser, baseURL, contextOptions, viewport, javaScriptEnabled, sam }, use) => {
    const context = await browser.newContext({ ...contextOptions, baseURL, viewport, javaScriptEnabled });
    const page = await context.newPage();
    await signIn(page, sam);
    await use(page);
    await context.close();
  },
});

/** Fills in a form up to the look at it before it is sent. */
export async function write(page: Page, reader: string, subject: string, text: string): Promise<void> {
  await page.getByLabel("Subject").fill(subject);
  await page.getByLabel("What is it about?").fill(text);
  await page.getByLabel("Your e-mail address").fill(reader);
  await page.getByRole("button", { name: "Continue" }).click();
}

/** The number of the request that is shown. */
export async function number(page: Page): Promise<string> {
  return /Request (\d+)/.exec(await page.getByRole("main").innerText())![1];
}
