import type { Page } from "@playwright/test";
import { expect, test } from "../fixture";

const vote = (page: Page) => page.locator(".vote");

test("a yes is thanked for", async ({ page }) => {
  await page.goto("/write/markdown");
  await vote(page).getByRole("button", { name: "Yes" }).click();
  await expect(vote(page)).toContainText("It is good to know that this helped.");
  await page.goto("/feedback/write-markdown");
  await expect(vote(page)).toContainText("It is good to know that this helped.");
});

test("a no is asked what was missing, and its answer is noted", async ({ page }) => {
  await page.goto("/write/first-article");
  await vote(page).getByRole("button", { name: "No" }).click();
  await expect(vote(page).getByRole("heading")).toHaveText("Thank you. What was missing?");
  await page.getByRole("radio", { name: "Hard to understand" }).check();
  await page.getByLabel(/In your words/).fill("The second step");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(vote(page)).toContainText("The people who write this page will read it.");
});
