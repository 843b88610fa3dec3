import type { Locator, Page } from "@playwright/test";
import { expect } from "../fixture";
import { number, test } from "../journey";
import { unknownWord } from "../kinds";

test("the keyboard alone leads from a failed search to a solved request", async ({ page, desk, reader, mailbox }) => {
  const main = page.getByRole("main");
  await page.goto(`/search?q=${unknownWord}`);
  await follow(page, main.getByRole("link", { name: "Ask a person" }));
  await follow(page, main.getByRole("link", { name: /^Ask a question/ }));
  await tabTo(page, page.getByLabel("Subject"));
  await page.keyboard.type("How do I find my page?");
  await page.keyboard.press("Tab");
  await page.keyboard.type("It is new.");
  await tabTo(page, page.getByLabel("Your e-mail address"));
  await page.keyboard.type(reader);
  await page.keyboard.press("Enter");

  const browser = page.getByRole("checkbox", { name: /^Browser:/ });
  await tabTo(page, browser);
  await page.keyboard.press("Space");
  await expect(browser).not.toBeChecked();
  await follow(page, page.getByRole("button", { name: "Send", exact: true }));
  await expect(page.getByText("We have your message.")).toBeVisible();
  const ticket = await number(page);

  await desk.goto("/agent?sort=newest");
  const row = desk.getByRole("row", { name: `#${ticket}` }).getByRole("link");
  do await desk.keyboard.press("j");
  while (!(await isFocused(row)));
  await desk.keyboard.press("Enter");
  await expect(desk.getByRole("heading", { level: 1 })).toHaveText("How do I find my page?");
  await desk.keyboard.press("r");
  await desk.keyboard.type("This helps: keyboard shortcuts??");
  const insert = desk.getByRole("button", { name: "Insert link: Keyboard shortcuts" });
  await expect(insert).toBeVisible();
  await tabTo(desk, insert);
  await desk.keyboard.press("Enter");
  await expect(desk.getByLabel("Text", { exact: true })).toBeFocused();
  await desk.keyboard.press("Control+Enter");
  await expect(desk.getByText("Answers given")).toBeVisible();
  await desk.keyboard.press("q");
  await expect(desk).toHaveURL(/\/agent\?sort=newest$/);

  await mailbox.next(reader);
  expect((await mailbox.next(reader)).text).toContain("/read/keyboard-shortcuts");
  await page.reload();
  await tabTo(page, page.getByLabel("Your answer"));
  await page.keyboard.type("It does.");
  await follow(page, page.getByRole("button", { name: "Send answer" }));
  await expect(main.getByText("It does.")).toBeVisible();
  await follow(page, page.getByRole("button", { name: "It is solved" }));
  const good = page.getByLabel("Good", { exact: true });
  await tabTo(page, good);
  await page.keyboard.press("Space");
  await follow(page, page.getByRole("button", { name: "Send rating" }));
  await expect(page.getByText("Thank you, that helps us.")).toBeVisible();
});

async function follow(page: Page, to: Locator): Promise<void> {
  await tabTo(page, to);
  await page.keyboard.press("Enter");
}

/** Presses Tab until it has the focus, which it must show. */
async function tabTo(page: Page, to: Locator): Promise<void> {
  await to.waitFor();
  const places = await page.locator("a[href], button, summary, input, select, textarea").count();
  for (let step = 0; step < places; step++) {
    await page.keyboard.press("Tab");
    if (!(await isFocused(to))) continue;
    expect(await to.evaluate((element) => element.matches(":focus-visible"))).toBe(true);
    return;
  }
  throw new Error(`no Tab leads to ${to}`);
}

async function isFocused(element: Locator): Promise<boolean> {
  return element.evaluate((element) => element === document.activeElement);
}
