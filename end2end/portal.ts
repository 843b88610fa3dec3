import type { Browser, Page } from "@playwright/test";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test as base } from "./fixture";
import { run, Server } from "./server";

const settings = {
  SIGNPOST__TICKETS__FILL_SECONDS: "0",
  SIGNPOST__TICKETS__PER_ADDRESS: "1000",
};

/** Somebody who may sign in: e-mail address and password. */
export type Account = { email: string; password: string };

type PerTest = {
  /** Asks for help in the reader's name, and gives the ticket's number. */
  ask: (subject: string, text: string) => Promise<string>;
  /** Another agent's page. */
  colleague: Page;
};

/** A server of its own with two agents, Ada and Sam, of whom Ada is signed in. */
export const test = base.extend<PerTest, { rules: string; server: Server; accounts: Account[] }>({
  /** What `routing.yml` says; without it there is none. */
  rules: ["", { option: true, scope: "worker" }],
  server: [
    async ({ rules }, use) => {
      const folder = await mkdtemp(path.join(tmpdir(), "signpost-"));
      await writeFile(path.join(folder, "routing.yml"), rules);
      const env = rules ? { ...settings, SIGNPOST__TICKETS__ROUTING: "routing.yml" } : settings;
      const server = await Server.start([], { env, folder });
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  accounts: [
    async ({ server }, use) => {
      const accounts = [];
      for (const name of ["Ada", "Sam"]) {
        const email = `${name.toLowerCase()}@acme.example`;
        const said = await run("user", "add", email, "--name", name, "--data", path.join(server.folder, "data"));
        accounts.push({ email, password: /shown only now: (\S+)/.exec(said)![1] });
      }
      await use(accounts);
    },
    { scope: "worker" },
  ],
  page: async ({ page, accounts }, use) => {
    await signIn(page, accounts[0]);
    await use(page);
  },
  colleague: async ({ browser, baseURL, javaScriptEnabled, accounts }, use) => {
    const page = await browser.newPage({ baseURL, javaScriptEnabled });
    await signIn(page, accounts[1]);
    await use(page);
    await page.close();
  },
  ask: async ({ browser, baseURL }, use) => {
    await use((subject, text) => asked(browser, baseURL!, subject, text));
  },
});

export async function signIn(page: Page, { email, password }: Account): Promise<void> {
  await page.goto("/agent/login");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/agent");
}

async function asked(browser: Browser, baseURL: string, subject: string, text: string): Promise<string> {
  const page = await browser.newPage({ baseURL, javaScriptEnabled: false });
  await page.goto("/contact/question");
  await page.getByLabel("Subject").fill(subject);
  await page.getByLabel("What is it about?").fill(text);
  await page.getByLabel("Your e-mail address").fill("jo@customer.example");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Send", exact: true }).click();
  const number = /Request (\d+)/.exec(await page.getByRole("main").innerText())![1];
  await page.close();
  return number;
}
