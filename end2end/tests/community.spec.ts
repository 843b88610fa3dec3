import { once } from "node:events";
import { type Server as HttpServer, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "../fixture";
import { quick, test as journey } from "../journey";
import { Server } from "../server";

const article = "/read/share-print-save";

/** A server whose readers ask in public. */
const test = journey.extend<{}, { server: Server }>({
  server: [
    async ({ mailbox }, use) => {
      const server = await Server.start([], { env: { ...mailbox.env, ...quick, SIGNPOST__COMMUNITY__QUESTIONS: "true" } });
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
});

test("a question is asked, let through, answered, and stands under its article", async ({ page, desk, reader, mailbox, expectAccessible }) => {
  test.slow();
  const title = `Does it work on a train, ${Math.random().toString(36).slice(2, 7)}?`;
  const main = page.getByRole("main");
  const send = (on = page) => on.getByRole("main").getByRole("button", { name: "Send", exact: true }).click();

  await test.step("a reader asks, and is told what is missing", async () => {
    await page.goto(article);
    await page.getByRole("link", { name: /^(Ask a question|See all questions or ask one)$/ }).click();
    await page.getByLabel("More about it").fill("There is no network there.");
    await send();
    await expect(page.getByText("Please fill this in.")).toBeVisible();
    await expect(page.getByLabel("More about it")).toHaveValue("There is no network there.");
    await expectAccessible();
    await page.getByLabel("Your question, in one line").fill(title);
    await page.getByLabel("Your name").fill("Jo");
    await page.getByLabel("Your e-mail address").fill(reader);
    await send();
    await expect(main.getByText("Thank you. It will be shown")).toBeVisible();
    await expect(page.getByLabel("Your question, in one line")).toHaveValue("");
    await expect(main.getByText(title)).toHaveCount(0);
  });

  await test.step("an agent lets it through", async () => {
    await desk.goto("/agent");
    await desk.getByRole("link", { name: /^Questions/ }).click();
    await expectAccessible(undefined, desk);
    await desk.getByRole("link", { name: title }).click();
    await desk.getByRole("button", { name: "Let through" }).click();
    await expect(desk.getByText("Saved.")).toBeVisible();
    await page.goto(article);
    await expect(main.getByText(title)).toBeVisible();
  });

  await test.step("and answers it: the asker gets a mail that leads there", async () => {
    await desk.getByLabel("Reply as the team").fill("Yes, **offline** as well.");
    await send(desk);
    await expect(desk.getByText("Saved.")).toBeVisible();
    const mail = await mailbox.next(reader);
    expect(mail.subject).toBe(`Re: ${title}`);
    await page.goto(/https?:\/\/\S+\/questions\/\S+/.exec(mail.text ?? "")![0]);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
    await expect(main.getByText("Yes, offline as well.")).toBeVisible();
    await expectAccessible();
    await main.getByRole("textbox", { name: "Your reply" }).fill("Thank you, it works.");
    await send();
    await expect(main.getByText("Thank you. It will be shown")).toBeVisible();
    await expect(main.getByText("Thank you, it works.")).toHaveCount(0);
  });

  await test.step("the answer is accepted and stands under the article", async () => {
    await desk.reload();
    await expect(desk.getByText("Thank you, it works.")).toBeVisible();
    await desk.getByRole("button", { name: "Accept as the answer" }).click();
    await expectAccessible(undefined, desk);
    await page.goto(article);
    await main.getByText(title).click();
    await expect(main.getByText("Yes, offline as well.")).toBeVisible();
    await expectAccessible();
    await main.getByRole("link", { name: "See all questions or ask one" }).click();
    await expect(main.getByText(title)).toBeVisible();
  });

  await test.step("until an agent takes it back", async () => {
    await desk.getByRole("listitem").filter({ hasText: "There is no network there." }).getByRole("button", { name: "Take back" }).click();
    await expect(desk.getByText("Refused", { exact: true })).toBeVisible();
    await page.goto(article);
    await expect(main.getByText(title)).toHaveCount(0);
  });
});

/** A server beside a forum, which keeps what it was asked. */
const withForum = journey.extend<{}, { forum: { url: string; asked: string[] }; server: Server }>({
  forum: [
    async ({}, use) => {
      const asked: string[] = [];
      const forum: HttpServer = createServer((request, response) => {
        asked.push(new URL(request.url!, "http://forum").searchParams.get("q") ?? "");
        const topics = [{ id: 12, title: "How do I <i>export</i>?", slug: "how-do-i-export", has_accepted_answer: true }];
        const posts = [{ topic_id: 12, blurb: "<img src=x onerror=alert(1)> press Export" }];
        response.setHeader("content-type", "application/json").end(JSON.stringify({ posts, topics }));
      });
      forum.listen(0, "127.0.0.1");
      await once(forum, "listening");
      await use({ url: `http://127.0.0.1:${(forum.address() as AddressInfo).port}`, asked });
      forum.close();
    },
    { scope: "worker" },
  ],
  server: [
    async ({ forum }, use) => {
      const server = await Server.start([], { env: { SIGNPOST__COMMUNITY__DISCOURSE_URL: forum.url } });
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
});

withForum("a search shows what the forum has, once it is sent", async ({ page, forum, javaScriptEnabled, expectAccessible }) => {
  await page.goto(article);
  await expect(page.getByRole("link", { name: "Ask in the community forum" })).toHaveAttribute("href", `${forum.url}/`);
  await page.goto("/search?q=export");
  const more = page.getByRole("link", { name: "Search the community forum for “export”" });
  await expect(more).toHaveAttribute("href", `${forum.url}/search?q=export`);
  const topic = page.getByRole("link", { name: /^How do I <i>export<\/i>\?/ });
  if (javaScriptEnabled === false) return expect(topic).toHaveCount(0);

  await expect(page.getByRole("heading", { name: "From the community" })).toBeVisible();
  await expect(topic).toHaveAttribute("href", `${forum.url}/t/how-do-i-export/12`);
  await expect(topic).toContainText("Solved");
  await expect(topic).toContainText("<img src=x onerror=alert(1)> press Export");
  await expectAccessible();
  const before = forum.asked.length;
  // What was asked just now is not asked again.
  const other = `export ${Math.random().toString(36).slice(2, 7)}`;
  await page.locator("#q").fill(other);
  await expect(page).toHaveURL(new RegExp(other.replace(" ", "(\\+|%20)")));
  await expect(topic).toBeHidden();
  expect(forum.asked.slice(before), "nobody is asked while a reader types").toEqual([]);
  await page.locator("#q").press("Enter");
  await expect(topic).toBeVisible();
  expect(forum.asked.slice(before)).toEqual([other]);
});
