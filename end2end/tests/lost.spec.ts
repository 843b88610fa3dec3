import { expect, test } from "../fixture";
import { post, unknownWord } from "../kinds";

test("an address that leads nowhere proposes what it may have meant", async ({ page }) => {
  const answer = await page.goto("/write/markdown-syntax");
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This page could not be found");
  const proposals = page.getByRole("region", { name: "Perhaps you were looking for" });
  await proposals.getByRole("link", { name: /Markdown you can use/ }).click();
  await expect(page).toHaveURL(/\/write\/markdown/);
});

test("an address nobody can guess leads back home", async ({ page }) => {
  expect((await page.goto(`/${unknownWord}`))?.status()).toBe(404);
  await page.getByRole("link", { name: "Back to the home page" }).click();
  await expect(page).toHaveURL(/:\d+\/$/);
});

test("one can search from where nothing was found", async ({ page }) => {
  await page.goto(`/${unknownWord}`);
  await page.locator("#q").fill("admin token");
  await page.keyboard.press("Enter");
  await expect(page.locator(".hit-link").first()).toBeVisible();
});

test("a form sent where none is taken is told so", async ({ page }) => {
  const answer = await post(page, "/search");
  expect(answer.status()).toBe(405);
  await expect(page.getByRole("heading", { level: 1, name: "This cannot be done here" })).toBeVisible();
  await expect(page.getByText(/please quote/)).toBeVisible();
});

test("a form that lacks a field is told so", async ({ page }) => {
  const answer = await post(page, "/admin/login");
  expect(answer.status()).toBe(400);
  await expect(page.getByText("token")).toBeVisible();
});

test("odd addresses lead to the one that is meant", async ({ request, baseURL }) => {
  for (const [odd, meant] of [
    ["/write/markdown/", "/write/markdown"],
    ["/Write/Markdown", "/write/markdown"],
    ["//write//markdown", "/write/markdown"],
    ["/search/?q=token", "/search?q=token"],
  ]) {
    const answer = await request.get(baseURL + odd, { maxRedirects: 0 });
    expect(answer.status(), odd).toBe(308);
    expect(answer.headers()["location"], odd).toMatch(new RegExp(`${meant.replace("?", "\\?")}$`));
  }
});
