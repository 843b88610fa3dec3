import path from "node:path";
import { expect, test as base } from "../fixture";
import { link, Mailbox } from "../mailbox";
import { run, Server } from "../server";

/** A server that writes mails, which the mailbox keeps, and somebody who answers. */
const test = base.extend<{}, { mailbox: Mailbox; server: Server; sam: string[] }>({
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
      const server = await Server.start([], { env: { ...mailbox.env, SIGNPOST__TICKETS__FILL_SECONDS: "0" } });
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  sam: [
    async ({ server }, use) => {
      const words = ["user", "add", "sam@acme.example", "--name", "Sam", "--data", path.join(server.folder, "data")];
      await use(["sam@acme.example", /shown only now: (\S+)/.exec(await run(...words))![1]]);
    },
    { scope: "worker" },
  ],
});

test("a reader whose search failed asks, trims what goes along, is answered by mail, answers and rates", async ({
  page,
  browser,
  baseURL,
  mailbox,
  sam,
}, { testId, project }) => {
  const reader = `ada-${testId}-${project.name}@customer.example`.toLowerCase();
  await page.goto("/search?q=xylophone+qwzrtp");
  await page.getByRole("main").getByRole("link", { name: "Ask a person" }).click();
  await page.getByRole("link", { name: /^Report a bug/ }).click();
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText("Something is missing or cannot be right")).toBeVisible();
  await page.getByLabel("Subject").fill("My new article is not found");
  await page.getByLabel("What is it about?").fill("I wrote it yesterday.\nSearch does not find it.");
  await page.getByLabel("Your e-mail address").fill(reader);
  await page.getByRole("button", { name: "Continue" }).click();

  await expect(page.getByRole("heading", { name: "Does one of these answer it?" })).toBeVisible();
  await page.locator("[aria-labelledby=proposals] a").first().click();
  await expect(page.getByRole("main").locator("h1")).toBeVisible();
  await page.goBack();
  await page.getByRole("checkbox", { name: /^Browser:/ }).uncheck();
  await expect(page.getByRole("checkbox", { name: /^Searched for “xylophone qwzrtp”/ })).toBeChecked();
  await page.getByLabel("Files").setInputFiles({ name: "log.txt", mimeType: "text/plain", buffer: Buffer.from("a line of a log") });
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByRole("status")).toContainText(reader);
  await expect(page.getByText("My new article is not found").first()).toBeVisible();
  await page.getByText("What you sent along").click();
  await expect(page.getByText(/^Searched for/)).toBeVisible();
  await expect(page.getByText(/^Browser:/)).toHaveCount(0);
  const number = /Request (\d+)/.exec(await page.getByRole("main").innerText())![1];
  expect(link(await mailbox.next(reader))).toBe(page.url().replace("?sent", ""));

  const desk = await browser.newPage({ baseURL, javaScriptEnabled: project.use.javaScriptEnabled ?? true });
  await desk.goto(`/agent/tickets/${number}`);
  await desk.getByLabel("E-mail address").fill(sam[0]);
  await desk.getByLabel("Password").fill(sam[1]);
  await desk.getByRole("button", { name: "Sign in" }).click();
  await expect(desk.getByText("Search does not find it.").first()).toBeVisible();
  await expect(desk.getByText(/Searched for “xylophone qwzrtp”/).first()).toBeVisible();
  await desk.locator("textarea[name=text]").fill(`Give it a day. See [Find an answer](${baseURL}/read/find-an-answer).`);
  await desk.locator("[data-send]").click();
  await expect(desk.getByText("Give it a day.").first()).toBeVisible();
  await desk.close();

  const mail = await mailbox.next(reader);
  expect(mail.subject).toContain(`[#${number}]`);
  expect(mail.text).toContain("Give it a day.");
  await page.goto(link(mail));
  await expect(page.getByRole("link", { name: "Find an answer" })).toBeVisible();
  await page.getByLabel("Your answer").fill("Now it is found, thank you.");
  await page.getByRole("button", { name: "Send answer" }).click();
  await expect(page.getByText("Now it is found, thank you.")).toBeVisible();
  await page.getByRole("button", { name: "It is solved" }).click();
  await page.getByLabel("Good", { exact: true }).check();
  await page.getByRole("button", { name: "Send rating" }).click();
  await expect(page.getByText("Thank you, that helps us.")).toBeVisible();
});

test("every step is accessible", async ({ page, expectAccessible, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled === false, "axe is script itself");
  await page.goto("/contact");
  await expectAccessible();
  await page.goto("/contact/question");
  await page.getByRole("button", { name: "Continue" }).click();
  await expectAccessible();
  await page.getByLabel("Subject").fill("Where is search?");
  await page.getByLabel("What is it about?").fill("I look for it.");
  await page.getByLabel("Your e-mail address").fill("jo@customer.example");
  await page.getByRole("button", { name: "Continue" }).click();
  await expectAccessible();
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expectAccessible();
  await page.getByRole("button", { name: "It is solved" }).click();
  await expect(page.getByText("How was our help?")).toBeVisible();
  await expectAccessible();
});
