import { expect } from "../fixture";
import { test } from "../portal";

test("the keyboard alone suffices", async ({ page, ask, expectAccessible }) => {
  const numbers = [await ask("The first one", "Hello."), await ask("The second one", "Hello.")];
  await page.goto("/agent?sort=newest");
  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keys" });
  await expect(keys).toContainText("Next ticket");
  await expectAccessible();
  await page.keyboard.press("Escape");
  await expect(keys).toBeHidden();

  await page.keyboard.press("j");
  await expect(page.getByRole("row", { name: `#${numbers[1]}` }).getByRole("link")).toBeFocused();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("The first one");
  await page.keyboard.press("k");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("The second one");

  await page.keyboard.press("a");
  await expect(page.getByText("Assigned to → Ada")).toBeVisible();
  await page.keyboard.press("/");
  await expect(page.getByLabel("Find an answer")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByLabel("Text", { exact: true })).toBeFocused();
  await page.keyboard.type("just jkrna? text");
  await expect(page.getByLabel("Text", { exact: true })).toHaveValue("just jkrna? text");
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("n");
  await expect(page.getByLabel("Internal note")).toBeChecked();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("Noted.")).toBeVisible();
  await page.keyboard.press("q");
  await expect(page).toHaveURL(/\/agent\?sort=newest$/);
});
