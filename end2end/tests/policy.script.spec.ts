import { expect, test } from "../fixture";

test.use({ allowed: [[/Content Security Policy|policy violation/], { option: true }] });

test("a violation would be seen", async ({ page, complaints }) => {
  await page.goto("/");
  await page.evaluate(() => {
    document.body.append(Object.assign(document.createElement("script"), { textContent: "window.broken = true" }));
  });
  expect(await page.evaluate(() => "broken" in window)).toBe(false);
  await expect.poll(() => complaints.length).toBeGreaterThan(0);
});
