import { expect } from "../fixture";
import { number, test, write } from "../journey";
import { unknownWord } from "../kinds";
import { link } from "../mailbox";

const subject = "My new article is not found";

test("from a search that failed to an answer that helped", async ({ page, desk, reader, mailbox, baseURL, expectAccessible, javaScriptEnabled }) => {
  // Many pages, each looked at by axe.
  test.slow();
  const main = page.getByRole("main");

  await test.step("the search fails, the reader asks", async () => {
    await page.goto(`/search?q=${unknownWord}`);
    await main.getByRole("link", { name: "Ask a person" }).click();
    await expectAccessible();
    await page.getByRole("link", { name: /^Report a bug/ }).click();
    await expectAccessible();
    await page.getByRole("button", { name: "Continue" }).click();
    await expect(main.getByRole("alert")).toContainText("Something is missing");
    await expect(page.getByLabel("Subject")).toHaveAccessibleDescription(/.+/);
    await expectAccessible();
    await write(page, reader, subject, "I wrote it yesterday.\nSearch does not find it.");
  });

  await test.step("what is proposed does not help", async () => {
    const proposals = page.getByRole("region", { name: "Does one of these answer it?" });
    await expectAccessible();
    const review = page.url();
    const title = (await proposals.locator(".row-title").first().innerText()).trim();
    await proposals.getByRole("link").first().click();
    await expect(main.getByRole("heading", { level: 1 })).toHaveText(title);
    await page.getByRole("button", { name: "No", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Thank you. What was missing?" })).toBeVisible();
    await page.goto(review);
    await expect(page.getByRole("checkbox", { name: `Said that ${title} did not help` })).toBeChecked();
  });

  await test.step("the reader trims what goes along, and sends it with a file", async () => {
    await page.getByRole("checkbox", { name: /^Browser:/ }).uncheck();
    await expect(page.getByRole("checkbox", { name: `Searched for “${unknownWord}”` })).toBeChecked();
    const file = { name: "log.txt", mimeType: "text/plain", buffer: Buffer.from("a line of a log") };
    await page.getByLabel("Files").setInputFiles(file);
    await expectAccessible();
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await expect(main.getByRole("status").first()).toContainText(reader);
    await expect(main.getByRole("heading", { level: 1 })).toHaveText(subject);
    await expect(main.getByRole("link", { name: "log.txt" })).toBeVisible();
    await main.getByText("What you sent along").click();
    await expect(main.getByText(/^Searched for/)).toBeVisible();
    await expect(main.getByText(/^Browser:/)).toHaveCount(0);
    await expectAccessible();
    expect(link(await mailbox.next(reader))).toBe(page.url().replace("?sent", ""));
  });

  const ticket = await number(page);
  await test.step("an agent sees the story and answers with an article", async () => {
    await desk.goto("/agent?sort=newest");
    await desk.getByRole("row", { name: `#${ticket}` }).getByRole("link").click();
    await expect(desk.getByText("Search does not find it.")).toBeVisible();
    await expect(desk.locator("#dossier")).toContainText(`Searched for “${unknownWord}”`);
    await expect(desk.locator("#dossier")).not.toContainText("Browser:");
    await expect(desk.getByRole("link", { name: "log.txt" })).toBeVisible();
    await desk.getByLabel("Text", { exact: true }).fill("Give it a day. Until then:");
    await desk.getByLabel("Find an answer").fill("article does not show up");
    await desk.getByRole("button", { name: "Search", exact: true }).click();
    await desk.getByRole("button", { name: /^Insert link: An article does not show up/ }).click();
    await expect(desk.getByLabel("Text", { exact: true })).toHaveValue(/article-is-missing/);
    await expectAccessible(undefined, desk);
    await desk.getByRole("button", { name: "Send", exact: true }).click();
    await expect(desk.getByText("Answers given")).toBeVisible();
    await expectAccessible(undefined, desk);
  });

  await test.step("the mail leads the reader back, who answers", async () => {
    const mail = await mailbox.next(reader);
    expect(mail.subject).toContain(`[#${ticket}]`);
    expect(mail.text).toContain("Give it a day.");
    await page.goto(link(mail));
    await expect(main.getByRole("link", { name: "An article does not show up" })).toHaveAttribute("href", `${baseURL}/troubleshoot/article-is-missing`);
    await expectAccessible();
    await page.getByLabel("Your answer").fill("Now it is found, thank you.");
    await page.getByRole("button", { name: "Send answer" }).click();
    await expect(main.getByText("Now it is found, thank you.")).toBeInViewport();
    await expect(page.getByLabel("Your answer")).toHaveValue("");
    if (javaScriptEnabled === false) await desk.reload();
    await expect(desk.getByText("Now it is found, thank you.")).toBeVisible();
  });

  await test.step("it is solved, the reader rates", async () => {
    await page.getByRole("button", { name: "It is solved" }).click();
    await expectAccessible();
    await page.getByLabel("Good", { exact: true }).check();
    await page.getByRole("button", { name: "Send rating" }).click();
    await expect(page.getByText("Thank you, that helps us.")).toBeVisible();
    await desk.reload();
    await expect(desk.getByText("The help was good")).toBeVisible();
  });
});

test("whoever goes back to what was sent comes to the request", async ({ page, reader }) => {
  await page.goto("/contact/question");
  await write(page, reader, "Where is search?", "I look for it.");
  const review = page.url();
  await page.getByRole("button", { name: "Send", exact: true }).click();
  const request = page.url().replace("?sent", "");
  await page.goto(review);
  await expect(page).toHaveURL(request);
});
