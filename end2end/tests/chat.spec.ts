import { begin, test } from "../chat";
import { expect } from "../fixture";

test("nobody there: it is said before the first word, and the form is there", async ({ page, chatting, expectAccessible }) => {
  const server = await chatting();
  await page.goto(`${server.origin}/contact`);
  await expect(page.getByRole("link", { name: "Chat with us" })).toHaveCount(0);
  await page.goto(`${server.origin}/chat`);
  await expect(page.getByText("Nobody is there right now.")).toBeVisible();
  await expect(page.getByLabel("Your message")).toHaveCount(0);
  await expectAccessible();
  await page.getByRole("link", { name: "Use the form" }).click();
  await expect(page.getByLabel("What is it about?")).toBeVisible();
});

test("a reader and a person talk, and it becomes a request", async ({ page, chatting, agent, expectAccessible }) => {
  const server = await chatting();
  const ada = await agent(server, "Ada");
  await ada.open();
  await page.goto(`${server.origin}/contact`);
  await page.getByRole("link", { name: /^Chat with us/ }).click();
  await expectAccessible();
  await begin(page, server, "Where is search?", "jo@customer.example");
  await expect(page.getByText("We are looking for somebody.")).toBeVisible();
  await expectAccessible();

  await ada.open();
  await ada.page.getByRole("link", { name: /Where is search/ }).click();
  await ada.page.getByRole("button", { name: "Take it" }).click();
  await ada.page.getByLabel("Text", { exact: true }).fill("At the top of **every** page.");
  await ada.page.getByRole("button", { name: "Send", exact: true }).click();
  await expectAccessible(undefined, ada.page);

  const look = page.getByRole("button", { name: "Look for answers" });
  if (await look.isVisible()) await look.click();
  await expect(page.getByText("You are talking with Ada.")).toBeVisible();
  await expect(page.locator("#chat-log").getByText("every", { exact: true })).toBeVisible();
  await page.getByLabel("Your message").fill("Thank you");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.locator("#chat-log").getByText("Thank you")).toBeVisible();
  await page.getByRole("button", { name: "End chat" }).click();
  await expect(page.getByText("This chat is over.")).toBeVisible();
  await expectAccessible();
  await page.getByRole("link", { name: /It goes on in your request 1001/ }).click();
  for (const text of ["Where is search?", "every", "Thank you"]) {
    await expect(page.getByRole("main").getByText(text, { exact: true }).last()).toBeVisible();
  }
});
