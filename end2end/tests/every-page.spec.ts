import { expect, test } from "../fixture";
import { kinds } from "../kinds";

// That nothing on the page violates its policy is what the fixture sees to, here and in every other journey.
for (const kind of kinds) {
  test(`${kind.name}: as it should be answered, under a strict policy, no wider than the window`, async ({ page, visit }) => {
    const answer = (await visit(kind))!;
    expect(answer.status()).toBe(kind.status);
    const policy = answer.headers()["content-security-policy"];
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/'unsafe-(inline|eval|hashes)'/);
    await expect(page.locator("[style]")).toHaveCount(0);
    await expect(page.locator("footer")).toBeVisible();
    for (const width of [320, 390, 820, 1440]) {
      await page.setViewportSize({ width, height: 844 });
      expect(await page.evaluate(tooWide), `at ${width} pixels`).toEqual([]);
    }
  });
}

test.describe("the guard itself", () => {
  test.use({ allowed: [/Content Security Policy|policy violation/] });

  test("notices a violation of the policy", async ({ page, complaints }) => {
    await page.goto("/");
    await page.evaluate(() => document.head.append(Object.assign(document.createElement("style"), { textContent: "p {}" })));
    await expect.poll(() => complaints.join()).toMatch(/style-src/);
  });
});

/** What makes the page scroll sideways. */
function tooWide(): string[] {
  const room = document.documentElement.clientWidth;
  const needed = document.scrollingElement!.scrollWidth;
  if (needed <= room) return [];
  const wide = [...document.body.querySelectorAll("*")].filter((element) => {
    const { left, right, width } = element.getBoundingClientRect();
    return width > 0 && (right > room + 0.5 || left < -0.5);
  });
  return [`the page is ${needed} wide`, ...wide.map((element) => `${element.localName}.${element.className}`)];
}
