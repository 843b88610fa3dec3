import { expect } from "../fixture";
import { test } from "../portal";

test("the queue follows what happens, and keeps its place", async ({ page, ask }) => {
  const first = await ask("Already there", "Hello.");
  await page.goto("/agent?sort=newest");
  const link = page.getByRole("row", { name: `#${first}` }).getByRole("link");
  await link.focus();
  const second = await ask("Just come", "Hello again.");
  await expect(page.getByRole("row", { name: `#${second}` })).toBeVisible();
  await expect(page.locator("#live")).toHaveText("New: 1");
  await expect(link).toBeFocused();
});

test("a conversation follows what happens, and what is typed stays", async ({ page, ask, colleague }) => {
  const number = await ask("Live", "Hello.");
  await page.goto(`/agent/tickets/${number}`);
  const text = page.getByLabel("Text", { exact: true });
  await text.fill("I am writing");
  await colleague.goto(`/agent/tickets/${number}`);
  await colleague.getByLabel("Internal note").check();
  await colleague.getByLabel("Text", { exact: true }).fill("Look at the log.");
  await colleague.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByText("Look at the log.")).toBeVisible();
  await expect(page.locator("#live")).toHaveText("This ticket changed.");
  await expect(text).toHaveValue("I am writing");
  await expect(text).toBeFocused();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("Sent.")).toBeVisible();
});

test("?? finds an answer while typing, and puts it where the cursor was", async ({ page, ask }) => {
  const number = await ask("Where is search?", "I look for it.");
  await page.goto(`/agent/tickets/${number}`);
  const text = page.getByLabel("Text", { exact: true });
  await text.pressSequentially("keyboard shortcuts??");
  await expect(page.getByLabel("Find an answer")).toBeFocused();
  await expect(page.getByLabel("Find an answer")).toHaveValue("keyboard shortcuts");
  const insert = page.getByRole("button", { name: "Insert text: Keyboard shortcuts" });
  await expect(insert).toBeVisible();
  await page.getByLabel("Find an answer").press("ArrowDown");
  await insert.click();
  await expect(text).toBeFocused();
  await expect(text).toHaveValue(/^keyboard shortcuts\s[\s\S]+\/read\/keyboard-shortcuts\)/);
});

test("what was typed outlives leaving the page", async ({ page, ask }) => {
  const number = await ask("Left by accident", "Hello.");
  await page.goto(`/agent/tickets/${number}`);
  const text = page.getByLabel("Text", { exact: true });
  await text.fill("Half of an ans");
  await page.goto("/agent");
  await page.goto(`/agent/tickets/${number}`);
  await expect(text).toHaveValue("Half of an ans");
});
