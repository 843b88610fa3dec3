import { expect, test } from "../fixture";
import { kinds } from "../kinds";

// That nothing on the page violates the policy is what the fixture sees to, here and in every other journey.
for (const kind of kinds) {
  test(`the policy is strict, and kept: ${kind.name}`, async ({ page, visit }) => {
    const answer = (await visit(kind))!;
    expect(answer.status()).toBe(kind.status);
    const policy = answer.headers()["content-security-policy"];
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/'unsafe-(inline|eval|hashes)'/);
    await expect(page.locator("[style]")).toHaveCount(0);
    await expect(page.locator("footer")).toBeVisible();
    await page.waitForLoadState("networkidle");
  });
}

test.describe("the guard itself", () => {
  test.use({ allowed: [/Content Security Policy|policy violation/] });

  test("notices a violation", async ({ page, complaints }) => {
    await page.goto("/");
    await page.evaluate(() => document.head.append(Object.assign(document.createElement("style"), { textContent: "p {}" })));
    await expect.poll(() => complaints.join()).toMatch(/style-src/);
  });
});
