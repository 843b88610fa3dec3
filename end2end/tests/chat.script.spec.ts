import { begin, said, test } from "../chat";
import { expect } from "../fixture";

test("bot, then a person, then a ticket", async ({ page, chatting, agent, bot, expectAccessible }) => {
  const server = await chatting(bot);
  const ada = await agent(server, "Ada");
  await ada.open();
  await begin(page, server, "How do I write a table?");
  await expect(page.getByText("Have a look at this.")).toBeVisible();
  await expect(page.getByText("Program", { exact: true })).toBeVisible();
  await expect(page.locator("#chat-log").getByRole("link")).toBeVisible();
  await expectAccessible();
  await page.getByRole("button", { name: "Talk to a person" }).click();
  await expect(page.getByText("A person was asked.")).toBeVisible();

  await expect(ada.page).toHaveTitle(/^\(1\) Chats/);
  await ada.page.getByRole("link", { name: /How do I write a table/ }).click();
  const text = ada.page.getByLabel("Text", { exact: true });
  await text.fill("With pipes.");
  await text.press("Enter");
  await expect(ada.page.locator("#talk").getByText("With pipes.")).toBeVisible();
  await expect(page.locator("#chat-log").getByText("With pipes.")).toBeVisible();

  const message = page.getByLabel("Your message");
  await message.pressSequentially("Thank");
  await expect(ada.page.getByText("The reader is writing …")).toBeVisible();
  await message.press("Shift+Enter");
  await message.pressSequentially("you");
  await message.press("Enter");
  await expect(message).toHaveValue("");
  await expect(message).toBeFocused();
  await text.pressSequentially("You are wel");
  await expect(page.getByText("Ada is writing …")).toBeVisible();
  await expect(ada.page.locator("#talk").getByText("Thank\nyou")).toBeVisible();
  await ada.page.getByRole("button", { name: "Turn into a ticket" }).click();
  await expect(ada.page.getByRole("heading", { name: "How do I write a table?" })).toBeVisible();
  for (const words of ["Have a look at this.", "With pipes."]) await expect(ada.page.getByText(words)).toBeVisible();
  await expect(page.getByText("This chat is over.")).toBeVisible();
  await expect(page.getByRole("link", { name: /your request 1001/ })).toBeVisible();
});

test("another page shows the way back, and a reload loses nothing", async ({ page, chatting, agent }) => {
  const server = await chatting();
  const ada = await agent(server, "Ada");
  await ada.open();
  await page.goto(server.origin);
  await expect(page.locator("#chat-bar")).toHaveCount(0);
  await begin(page, server, "Hello");
  await page.getByLabel("Your message").fill("Half of a");
  await page.goto(`${server.origin}/write/markdown`);
  const bar = page.getByRole("link", { name: /Your chat is going on/ });
  await expect(bar).toBeVisible();
  await ada.page.getByRole("link", { name: /Hello/ }).click();
  await ada.page.getByLabel("Text", { exact: true }).fill("Good morning");
  await ada.page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(ada.page.locator("#talk").getByText("Good morning")).toBeVisible();
  await page.reload();
  await expect(bar).toHaveText(/new: 2/);
  await bar.click();
  await expect(page.getByLabel("Your message")).toHaveValue("Half of a");
  await page.reload();
  expect(await said(page)).toEqual(["Hello", "Good morning"]);
  await page.getByRole("button", { name: "End chat" }).click();
  await page.goto(`${server.origin}/write/markdown`);
  await expect(page.locator("#chat-bar")).toHaveCount(0);
});

test("it speaks Arabic from right to left", async ({ page, chatting, agent, expectAccessible }) => {
  const server = await chatting();
  await (await agent(server, "Ada")).open();
  await page.goto(`${server.origin}/ar/chat`);
  await page.getByLabel("رسالتك").fill("مرحبا");
  await page.getByRole("button", { name: "ابدأ المحادثة" }).click();
  await expect(page.locator("#chat-log").getByText("مرحبا")).toBeVisible();
  await expectAccessible();
});
