import type { Page } from "@playwright/test";
import path from "node:path";
import { expect } from "../fixture";
import { number, test, write } from "../journey";
import { pipe, type Server } from "../server";

const pictures = process.env.PICTURES;

/** Hands a mail to the program, as a mail server would. */
async function arrives(server: Server, from: string, to: string, text: string): Promise<void> {
  const id = `${Math.random().toString(36).slice(2)}@customer.example`;
  const mail = `From: ${from}\r\nTo: ${to}\r\nSubject: Re: Export\r\nMessage-ID: <${id}>\r\n\r\n${text}\r\n`;
  await pipe(mail, "mail", "receive", "--recipient", to, "--data", path.join(server.folder, "data"));
}

/** Waits until a page, looked at again, shows this. */
async function shows(page: Page, text: string): Promise<void> {
  await expect(async () => {
    await page.reload();
    await expect(page.getByText(text, { exact: true })).toBeVisible({ timeout: 500 });
  }).toPass();
}

test("an answer by mail stands in the ticket, and somebody else's is a note", async ({ page, desk, reader, mailbox, server, expectAccessible }, { project }) => {
  test.slow();
  await page.goto("/contact/question");
  await write(page, reader, "The export stops", "It stops at half.");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  const ticket = await number(page);
  const letter = await mailbox.next(reader);
  expect(letter.text).toContain("You can also answer this mail.");
  const to = letter.replyTo![0].address!;
  expect(to).toMatch(new RegExp(`^reply\\+${ticket}-[0-9a-f]{20}@in\\.acme\\.example$`));

  await desk.goto(`/agent/tickets/${ticket}`);
  const quote = "On 25 Jul 2026, at 17:20, Acme Help <help@acme.example> wrote:\r\n\r\n> Your request has reached us.";
  await arrives(server, reader, to, `It goes on when I wait.\r\n\r\n${quote}`);
  await shows(desk, "It goes on when I wait.");
  await desk.getByText("The whole mail").click();
  await expect(desk.getByText("> Your request has reached us.")).toBeVisible();

  await arrives(server, "Bo <bo@customer.example>", to, "I see the same.");
  await shows(desk, "I see the same.");
  await expect(desk.getByText("Not the requester’s address: this is a note")).toBeVisible();
  await desk.getByText("The whole mail").click();
  await expectAccessible(undefined, desk);
  if (pictures) await desk.screenshot({ path: path.join(pictures, `agent-${project.name}.png`), fullPage: true });

  await page.reload();
  await expect(page.getByText("It goes on when I wait.")).toBeVisible();
  await expect(page.getByText("I see the same.")).toHaveCount(0);
});

test("a link in a mail shows all of a requester's requests, once", async ({ page, reader, mailbox, expectAccessible }, { project }) => {
  await page.goto("/contact/question");
  await write(page, reader, "Where is my bill?", "I cannot find it.");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await mailbox.next(reader);

  await page.goto("/requests");
  await expectAccessible();
  if (pictures) await page.screenshot({ path: path.join(pictures, `requests-${project.name}.png`) });
  await page.getByLabel("E-mail address").fill(reader.toUpperCase());
  await page.getByRole("button", { name: "Send me the link" }).click();
  await expect(page.getByRole("status").first()).toContainText("If there are requests from this address");
  if (pictures) await page.screenshot({ path: path.join(pictures, `requests-sent-${project.name}.png`) });
  const letter = await mailbox.next(reader);
  const door = /https?:\/\/\S+\/requests\/in\/\w+/.exec(letter.text!)![0];
  await page.goto(door);
  await expectAccessible();
  if (pictures) await page.screenshot({ path: path.join(pictures, `requests-door-${project.name}.png`) });
  await page.getByRole("button", { name: "Show my requests" }).click();
  await expect(page.getByRole("link", { name: /Where is my bill\?/ })).toBeVisible();
  await page.goto(door);
  await expect(page.getByRole("alert")).toContainText("used already");
});
