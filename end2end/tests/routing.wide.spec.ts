import { expect } from "../fixture";
import { test } from "../portal";

const rules = `
calendars: { always: { time_zone: UTC, hours: { mon-sun: "00:00-24:00" } } }
agents: { ada@acme.example: {}, sam@acme.example: {} }
groups: { finance: { agents: [ada@acme.example, sam@acme.example] } }
rules:
  - when: { class: billing }
    group: finance
sla:
  - { name: Standard, calendar: always, first_reply: 4h, solve: 24h }
escalations:
  - { at: 80%, notify: assignee }
`;

test.use({ rules });

test("a ticket goes to who is there, and says why and by when", async ({ page, ask, expectAccessible }) => {
  await page.goto("/agent/account");
  await page.getByRole("button", { name: "I am away" }).click();
  await expect(page.getByText("You are away")).toBeVisible();
  await expectAccessible();
  const first = await ask("A refund, please", "I was charged twice.");
  await page.goto("/agent?group=finance");
  await expect(page.getByRole("row", { name: `#${first}` })).toContainText("Sam");
  await expectAccessible();
  await page.getByRole("button", { name: "I am back" }).click();

  const second = await ask("Another refund", "For the invoice of May.");
  await page.goto("/agent?owner=mine");
  const row = page.getByRole("row", { name: `#${second}` });
  await expect(row).toContainText("Billing");
  await expect(row).toContainText("finance");
  await expect(row).toContainText("Due in 3 h");
  await row.getByRole("link").click();
  const promises = page.locator("#promises");
  await expect(promises).toContainText("First answer");
  await expect(promises).toContainText("tell ada@acme.example");
  await page.getByText("Why here").click();
  await expect(page.getByText("the class is billing")).toBeVisible();
  await expectAccessible();

  await page.getByLabel("Text", { exact: true }).fill("Which one?");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(promises).toContainText("Paused");
  await page.getByLabel("About").selectOption("General");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("About → General")).toBeVisible();
});
