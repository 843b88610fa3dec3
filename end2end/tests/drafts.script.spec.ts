import { expect } from "../fixture";
import { test, write } from "../journey";

test("what was typed outlives a reload and going back, and is gone once sent", async ({ page, reader, expectAccessible }) => {
  const line = page.getByRole("main").getByRole("status");
  const text = page.getByLabel("What is it about?");
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.postData() ?? ""));
  await page.goto("/contact/question");
  await page.getByLabel("Subject").fill("Half of a");
  await text.fill("I was about to");
  await page.reload();
  await expect(line).toHaveText("Restored from your draft.");
  await expect(page.getByLabel("Subject")).toHaveValue("Half of a");
  await expect(text).toHaveValue("I was about to");
  await expectAccessible();
  expect(sent.join(), "nothing is sent before a button is pressed").not.toContain("Half of a");

  await page.getByRole("link", { name: /other ways/i }).click();
  await page.getByRole("link", { name: /^Propose an idea/ }).click();
  await expect(page.getByLabel("Subject"), "another form has a draft of its own").toHaveValue("");
  await page.goto("/contact/question");
  await expect(text).toHaveValue("I was about to");

  await write(page, reader, "A whole one", "I wanted to ask.");
  await page.goBack();
  await expect(text).toHaveValue("I wanted to ask.");
  await page.goForward();
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByText("We have your message.")).toBeVisible();
  await page.goto("/contact/question");
  await expect(text).toHaveValue("");
  await expect(line).toHaveText("");
});

test("a draft can be dropped", async ({ page }) => {
  await page.goto("/contact/question?subject=From+the+product");
  const text = page.getByLabel("What is it about?");
  await text.fill("Never mind");
  await page.reload();
  await page.getByRole("button", { name: "Start over" }).click();
  await expect(text).toHaveValue("");
  await expect(page.getByLabel("Subject")).toHaveValue("From the product");
  await expect(page.getByLabel("Subject")).toBeFocused();
  await page.reload();
  await expect(text).toHaveValue("");
});

test("a draft is forgotten after a day", async ({ page }) => {
  await page.clock.install({ time: new Date("2026-11-21T12:00:00Z") });
  await page.goto("/contact/question");
  const text = page.getByLabel("What is it about?");
  await text.fill("Yesterday");
  await page.clock.setFixedTime(new Date("2026-11-22T11:59:00Z"));
  await page.reload();
  await expect(text).toHaveValue("Yesterday");
  await page.clock.setFixedTime(new Date("2026-11-22T12:01:00Z"));
  await page.reload();
  await expect(text).toHaveValue("");
});

test("an answer and the boxes outlive a reload", async ({ page, reader }) => {
  await page.goto("/contact/question");
  await write(page, reader, "Where is search?", "I look for it.");
  await page.getByRole("checkbox", { name: /^Browser:/ }).uncheck();
  await page.reload();
  await expect(page.getByRole("checkbox", { name: /^Browser:/ })).not.toBeChecked();
  await page.getByRole("button", { name: "Send", exact: true }).click();
  const answer = page.getByLabel("Your answer");
  await answer.fill("One more thing");
  await page.reload();
  await expect(answer).toHaveValue("One more thing");
  await page.getByRole("button", { name: "Send answer" }).click();
  await expect(page.getByText("One more thing")).toBeVisible();
  await expect(answer).toHaveValue("");
  await answer.fill("And another");
  await page.reload();
  await expect(answer).toHaveValue("And another");
});

test.describe("where the browser may complain", () => {
  // Of what it could not load meanwhile.
  test.use({ allowed: [/net::ERR_INTERNET_DISCONNECTED/] });

  test("the state of the network goes along, unless it is unticked", async ({ page, context, reader }) => {
    await page.goto("/read/find-an-answer");
    await context.setOffline(true);
    await expect.poll(() => page.evaluate(() => sessionStorage.offlineSince)).toBeTruthy();
    await context.setOffline(false);
    await expect.poll(() => page.evaluate(() => sessionStorage.offline)).toBeTruthy();
    await page.goto("/contact/bug");
    await write(page, reader, "It hangs", "Now and then.");
    const network = page.getByRole("checkbox", { name: /^Connection: online, about as fast as \dG, \d+ s offline before$/ });
    await expect(network).toBeChecked();
    await network.uncheck();
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByText("What you sent along").click();
    await expect(page.getByText(/^Device:/)).toBeVisible();
    await expect(page.getByText(/^Connection:/)).toHaveCount(0);
  });
});
