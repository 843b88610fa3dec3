import { answer, begin, expectSame, heard, said, say, test as chats, type Agent } from "../chat";
import { expect } from "../fixture";
import type { Server } from "../server";

// Whatever breaks in a chat: nothing is lost, nothing doubled, the order kept, on both sides.

const test = chats.extend<{ opened: { server: Server; ada: Agent } }>({
  // A chat that the reader began with "First", and that Ada looks at.
  opened: async ({ page, chatting, agent }, use) => {
    const server = await chatting();
    const ada = await agent(server, "Ada");
    await ada.open();
    await begin(page, server, "First");
    await ada.page.getByRole("link", { name: /First/ }).click();
    await use({ server, ada });
  },
});

// Of what could not be loaded meanwhile.
test.use({ allowed: [/net::ERR_INTERNET_DISCONNECTED|net::ERR_NETWORK_CHANGED|net::ERR_FAILED/] });

test("nobody comes after the bot gave up: it is kept, and becomes one request", async ({ page, chatting, agent, bot, expectAccessible }) => {
  const server = await chatting(bot);
  const ada = await agent(server, "Ada");
  await begin(page, server, "Tables?");
  await expect(page.locator("#chat-log").getByText("Have a look at this.")).toBeVisible();
  await say(page, "I want a person");
  await expect(page.getByText("Nobody could come. What you wrote is kept.")).toBeVisible();
  await expectAccessible();
  await page.reload();
  await page.getByLabel("Your message").fill("It is about pipes.");
  await page.getByLabel("Your e-mail address").fill("jo@customer.example");
  await page.getByRole("button", { name: "Leave it with us" }).click();
  await expect(page.getByText("This chat is over.")).toBeVisible();
  const all = ["Tables?", "Have a look at this.", "I want a person", "I ask somebody.", "It is about pipes."];
  expect(await said(page)).toEqual(all);
  await page.getByRole("link", { name: /It goes on in your request 1001/ }).click();
  await expect(page.getByRole("main").getByText("It is about pipes.")).toBeVisible();
  await ada.page.goto("/agent/tickets/1001");
  await expect(ada.page.getByRole("heading", { name: "Tables?" })).toBeVisible();
  expect(await heard(ada.page)).toEqual(all);
  expect((await ada.page.goto("/agent/tickets/1002"))!.status()).toBe(404);
});

test("an agent drops off in the middle, and the next one goes on", async ({ page, chatting, agent }) => {
  test.slow();
  const server = await chatting();
  const [ada, sam] = [await agent(server, "Ada"), await agent(server, "Sam")];
  await ada.open();
  await begin(page, server, "Is anybody there?");
  await ada.page.getByRole("link", { name: /Is anybody there/ }).click();
  await answer(ada.page, "I am.");
  await expect(page.getByText("You are talking with Ada.")).toBeVisible();
  await say(page, "It fails.");
  await expect(ada.page.locator("#talk").getByText("It fails.")).toBeVisible();
  await ada.leave();
  await say(page, "Since yesterday.");
  await expect(page.locator("#chat-log").getByText("Ada is gone.")).toBeVisible({ timeout: 30_000 });
  await say(page, "Hello?");
  await sam.open();
  await sam.page.getByRole("link", { name: /Is anybody there/ }).click();
  await sam.page.getByRole("button", { name: "Take it" }).click();
  await expect(page.getByText("You are talking with Sam.")).toBeVisible();
  await answer(sam.page, "I look into it.");
  await expect(page.locator("#chat-log").getByText("I look into it.")).toBeVisible();
  const all = ["Is anybody there?", "I am.", "It fails.", "Since yesterday.", "Hello?", "I look into it."];
  await expectSame(page, sam.page, all);
  await sam.page.getByRole("button", { name: "Turn into a ticket" }).click();
  await expect(sam.page.getByRole("heading", { name: "Is anybody there?" })).toBeVisible();
  expect(await heard(sam.page)).toEqual(all);
});

test("the reader's network goes for half a minute", async ({ page, context, opened: { ada } }) => {
  test.slow();
  await ada.page.getByRole("button", { name: "Take it" }).click();
  await expect(page.getByText("You are talking with Ada.")).toBeVisible();
  await say(page, "Second");
  await expect(ada.page.locator("#talk").getByText("Second")).toBeVisible();
  await context.setOffline(true);
  for (const text of ["Third", "Fourth", "Fifth"]) await say(page, text);
  await expect(page.locator(".said.pending")).toHaveCount(3);
  await expect(page.getByText("Connection lost.")).toBeVisible();
  await answer(ada.page, "Are you there?");
  await page.waitForTimeout(30_000);
  await context.setOffline(false);
  await expect(page.locator(".said.pending")).toHaveCount(0, { timeout: 30_000 });
  await expect(ada.page.locator("#talk").getByText("Fifth")).toBeVisible();
  await expectSame(page, ada.page, ["First", "Second", "Are you there?", "Third", "Fourth", "Fifth"]);
});

test("answers are lost on their way, and the page is left and loaded anew meanwhile", async ({ page, opened: { server, ada } }) => {
  await answer(ada.page, "Yes?");
  await expect(page.locator("#chat-log").getByText("Yes?")).toBeVisible();
  // The server hears it; that it did, the page does not.
  await page.route("**/chat/messages", async (route) => {
    await route.fetch();
    await route.abort();
  });
  await say(page, "Second");
  await say(page, "Third");
  await expect(ada.page.locator("#talk").getByText("Second")).toBeVisible();
  await page.reload();
  await expect(page.getByText("Connection lost.")).toBeVisible();
  await answer(ada.page, "Go on.");
  await page.goto(`${server.origin}/write/markdown`);
  await page.unroute("**/chat/messages");
  await page.getByRole("link", { name: /Your chat is going on/ }).click();
  await expect(ada.page.locator("#talk").getByText("Third")).toBeVisible();
  await expectSame(page, ada.page, ["First", "Yes?", "Second", "Go on.", "Third"]);
});

test("what is said as the page is left was said", async ({ page, opened: { server, ada } }) => {
  await page.getByLabel("Your message").fill("And goodbye");
  await page.evaluate((away) => {
    document.querySelector<HTMLFormElement>("#chat-form")!.requestSubmit(document.querySelector<HTMLElement>('[value="say"]'));
    location.href = away;
  }, `${server.origin}/write/markdown`);
  await expect(page).toHaveURL(/markdown/);
  await expect(ada.page.locator("#talk").getByText("And goodbye")).toBeVisible();
  await page.goto(`${server.origin}/chat`);
  await expectSame(page, ada.page, ["First", "And goodbye"]);
});

test("the agent's network goes: what the agent wrote waits, and is said once", async ({ page, opened: { ada } }) => {
  test.slow();
  await answer(ada.page, "Second");
  await expect(page.locator("#chat-log").getByText("Second")).toBeVisible();
  await ada.page.context().setOffline(true);
  const text = ada.page.getByLabel("Text", { exact: true });
  await text.fill("Fourth");
  await text.press("Enter");
  await say(page, "Third");
  await expect(page.locator("#chat-log").getByText("Ada is gone.")).toBeVisible({ timeout: 30_000 });
  await expect(text).toHaveValue("Fourth");
  await ada.page.context().setOffline(false);
  await expect(ada.page.locator("#talk").getByText("Third")).toBeVisible({ timeout: 20_000 });
  await expect(text).toHaveValue("Fourth");
  await text.press("Enter");
  await expect(page.locator("#chat-log").getByText("Fourth")).toBeVisible();
  // The server hears it; that it did, the page does not.
  await ada.page.route(/chats\/[^/]+$/, async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    await route.fetch();
    await route.abort();
  });
  await text.fill("Fifth");
  await text.press("Enter");
  await expect(page.locator("#chat-log").getByText("Fifth")).toBeVisible();
  await expect(text).toHaveValue("Fifth");
  await ada.page.unroute(/chats\/[^/]+$/);
  await text.press("Enter");
  await expect(text).toHaveValue("");
  for (const number of ["6", "7", "8"]) {
    await text.fill(number);
    await text.press("Enter");
  }
  await expect(page.locator("#chat-log").getByText("8", { exact: true })).toBeVisible();
  await expectSame(page, ada.page, ["First", "Second", "Third", "Fourth", "Fifth", "6", "7", "8"]);
});
