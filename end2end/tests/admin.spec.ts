import { expect, test } from "../fixture";
import { signIn } from "../kinds";

test("a wrong token is refused, and told why", async ({ page }) => {
  await signIn(page, "", "not the token");
  await expect(page.getByRole("alert")).toContainText("This is not the token");
  await expect(page.getByLabel("Admin token")).toHaveAttribute("aria-invalid", "true");
  await page.goto("/admin");
  await expect(page).toHaveURL(/\/admin\/login$/);
});

test("the token opens the state of the site", async ({ page }) => {
  await signIn(page);
  await expect(page).toHaveURL(/\/admin$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("State of the site");
  await expect(page.getByRole("region", { name: "Canary queries" }).getByText("Found").first()).toBeVisible();
});

test("problems are shown with their place and their cure", async ({ page, context, staffCookies }) => {
  await context.addCookies(staffCookies);
  await page.goto("/admin");
  await expect(page.getByRole("heading", { level: 3, name: /missing-translation/ })).toContainText(/Notice.*\d+/);
  const problems = page.getByRole("region", { name: "missing-translation", exact: true }).getByRole("row");
  await expect(problems).toHaveCount(6);
  await expect(problems.nth(1)).toContainText(/\.md/);
  await expect(problems.nth(1)).toContainText("Write it, or leave it so.");
  await page.getByText(/^\d+ more$/).click();
  await expect(page.getByRole("region", { name: /missing-translation: \d+ more/ })).toBeVisible();
});

test("the streamed page is whole and asks nobody to keep it", async ({ page, context, staffCookies }) => {
  await context.addCookies(staffCookies);
  const answer = await page.goto("/admin");
  expect(answer?.headers()["cache-control"]).toContain("no-store");
  await expect(page.getByRole("heading", { level: 2 })).toHaveText([
    "Problems in the content",
    "Canary queries",
    "Slowest pages",
  ]);
  await expect(page.locator("footer")).toBeVisible();
});
