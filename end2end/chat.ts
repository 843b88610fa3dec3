import type { Page } from "@playwright/test";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { expect, test as base } from "./fixture";
import { signIn } from "./portal";
import { run, Server } from "./server";

/** Somebody who answers, in a browser context of their own. */
export type Agent = { page: Page; open: () => Promise<void>; leave: () => Promise<void> };

type PerTest = {
  /** Starts a server on which readers may chat; with a bot, if its address is given. */
  chatting: (bot?: string) => Promise<Server>;
  /** Makes an account on a server and signs in. */
  agent: (server: Server, name: string) => Promise<Agent>;
  /** A program that answers chats. */
  bot: string;
};

export const settings = {
  SIGNPOST__CHAT__OPEN: "true",
  // Longer than the page takes to say that it is open.
  SIGNPOST__CHAT__AWAY_SECONDS: "8",
  SIGNPOST__CHAT__PER_MINUTE: "600",
  SIGNPOST__TICKETS__FILL_SECONDS: "0",
  SIGNPOST__TICKETS__PER_ADDRESS: "1000",
};

export const test = base.extend<PerTest>({
  chatting: async ({}, use) => {
    const servers: Server[] = [];
    await use(async (bot) => {
      const own = bot
        ? { SIGNPOST__CHAT__BOT__URL: bot, SIGNPOST__CHAT__BOT__SECRETS: `["whsec_${"A".repeat(32)}"]` }
        : {};
      const server = await Server.start([], { env: { ...settings, ...own } });
      servers.push(server);
      return server;
    });
    for (const server of servers) await server.stop();
  },
  agent: async ({ browser, javaScriptEnabled, contextOptions }, use) => {
    const pages: Page[] = [];
    await use(async (server, name) => {
      const email = `${name.toLowerCase()}@acme.example`;
      const said = await run("user", "add", email, "--name", name, "--data", path.join(server.folder, "data"));
      const context = await browser.newContext({ ...contextOptions, baseURL: server.origin, javaScriptEnabled });
      const page = await context.newPage();
      pages.push(page);
      await signIn(page, { email, password: /shown only now: (\S+)/.exec(said)![1] });
      return { page, open: async () => void (await page.goto("/agent/chats")), leave: () => page.close() };
    });
    for (const page of pages) await page.context().close();
  },
  bot: async ({}, use) => {
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (piece) => (body += piece));
      request.on("end", () => {
        const { messages } = JSON.parse(body).data;
        const asked = messages.findLast((it: { from: string }) => it.from === "reader").text;
        const reply = /person/.test(asked)
          ? { say: "I ask somebody.", hand_over: true }
          : { say: "Have a look at **this**.", articles: ["write-markdown"] };
        response.setHeader("content-type", "application/json").end(JSON.stringify(reply));
      });
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    server.close();
  },
});

/** Begins a chat with its first message. */
export async function begin(page: Page, server: Server, text: string, email = ""): Promise<void> {
  await page.goto(`${server.origin}/chat`);
  await page.getByLabel("Your message").fill(text);
  if (email) await page.getByLabel("Your e-mail address").fill(email);
  await page.getByRole("button", { name: "Start chat" }).click();
}

/** What was said, in order, as the reader's page shows it; without what the program said. */
export async function said(page: Page): Promise<string[]> {
  return page.locator("#chat-log .said").evaluateAll((items) =>
    items.map((item) => item.querySelector(".said-text, .prose")!.textContent!.trim()));
}

/** The same as an agent's page shows it, of a chat or of the ticket that it became. */
export async function heard(page: Page): Promise<string[]> {
  const texts = await page.locator("#talk li:not(.line) :is(.as-written, .prose)").allInnerTexts();
  return texts.map((text) => text.trim());
}

/** Says something as the reader does. */
export async function say(page: Page, text: string): Promise<void> {
  const message = page.getByLabel("Your message");
  await message.fill(text);
  await message.press("Enter");
  await expect(message).toHaveValue("");
}

/** Answers as the agent who looks at the chat does. */
export async function answer(page: Page, text: string): Promise<void> {
  const field = page.getByLabel("Text", { exact: true });
  await field.fill(text);
  await field.press("Enter");
  await expect(page.locator("#talk").getByText(text, { exact: true })).toBeVisible();
}

/** Both sides see the same, each of it once, now and when they look anew. */
export async function expectSame(reader: Page, agent: Page, texts: string[]): Promise<void> {
  for (const look of [false, true]) {
    if (look) await Promise.all([reader.reload(), agent.reload()]);
    await expect.poll(() => said(reader)).toEqual(texts);
    await expect.poll(() => heard(agent)).toEqual(texts);
  }
}
