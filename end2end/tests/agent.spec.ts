import { expect } from "../fixture";
import { test } from "../portal";

test("an agent finds a ticket, takes it, answers with an article and solves it", async ({ page, ask, expectAccessible }) => {
  const number = await ask("Where are my pages?", "I wrote them yesterday.\n\nSearch <b>does not</b> find them.");
  await page.goto("/agent?sort=newest");
  await expectAccessible();
  await page.getByRole("row", { name: `#${number}` }).getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Where are my pages?");
  await expect(page.getByText("Search <b>does not</b> find them.")).toBeVisible();
  await expectAccessible();

  await page.getByRole("button", { name: "Take it" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await expect(page.getByText("Assigned to → Ada")).toBeVisible();

  await page.getByLabel("Text", { exact: true }).fill("Hello, this helps:");
  await page.getByLabel("Find an answer").fill("article does not show up");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  const link = page.getByRole("button", { name: /^Insert link: An article does not show up/ });
  await expect(link).toBeVisible();
  await expectAccessible();
  await link.click();
  await expect(page.getByLabel("Text", { exact: true })).toHaveValue(/Hello, this helps:\s*\[.+\]\(http.+\/troubleshoot\/article-is-missing\)/);
  await page.getByLabel("Status after it").selectOption("Solved");
  await page.getByRole("button", { name: "Send", exact: true }).click();

  await expect(page.getByText("Sent.")).toBeVisible();
  await expect(page.getByText("Answers given")).toBeVisible();
  await page.goto("/agent?sort=newest");
  await expect(page.getByRole("row", { name: `#${number}` })).toHaveCount(0);
  await page.getByRole("link", { name: /^Solved/ }).click();
  await expect(page.getByRole("row", { name: `#${number}` })).toContainText("Ada");
});

test.describe("where the browser may complain", () => {
  test.use({ allowed: [/net::ERR_FAILED/] });

  test("two agents at once: the second is told, and keeps the text", async ({ page, ask, colleague }) => {
    const number = await ask("Two at once", "Who answers?");
    // Without what tells of changes, as when the connection is lost.
    await page.route("**/agent/events", (route) => route.abort());
    await page.goto(`/agent/tickets/${number}`);
    await colleague.goto(`/agent/tickets/${number}`);
    await colleague.getByLabel("Text", { exact: true }).fill("I do.");
    await colleague.getByRole("button", { name: "Send", exact: true }).click();
    await expect(colleague.getByText("Sent.")).toBeVisible();

    await page.getByLabel("Text", { exact: true }).fill("No, I do.");
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await expect(page.getByRole("alert")).toContainText("changed while you wrote");
    await expect(page.getByLabel("Text", { exact: true })).toHaveValue("No, I do.");
    await expect(page.getByText("I do.", { exact: true })).toBeVisible();
    await page.getByLabel("Internal note").check();
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await expect(page.getByText("Noted.")).toBeVisible();
  });

  test("an empty answer is not sent, a ticket is not merged into itself", async ({ page, ask }) => {
    const number = await ask("Nothing to say", "Really.");
    await page.goto(`/agent/tickets/${number}`);
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await expect(page.getByRole("alert")).toHaveText("Write something first.");
    await page.getByLabel("Number of the other ticket").fill(number);
    await page.getByRole("button", { name: "Merge" }).click();
    await expect(page.getByRole("alert")).toContainText("cannot take it");
  });
});

test("tickets about one thing become one", async ({ page, ask }) => {
  const [one, other] = [await ask("The first", "It began."), await ask("The second", "It went on.")];
  await page.goto(`/agent/tickets/${other}`);
  await page.getByLabel("Number of the other ticket").fill(`#${one}`);
  await page.getByRole("button", { name: "Merge" }).click();
  await expect(page.getByText("Merged.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("The first");
  await expect(page.getByText("It went on.")).toBeVisible();
  await page.getByRole("link", { name: `#${other} goes on here` }).click();
  await expect(page.getByRole("link", { name: `Goes on in #${one}` })).toBeVisible();
});
