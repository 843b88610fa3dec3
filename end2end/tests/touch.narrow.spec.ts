import { expect, test } from "../fixture";
import { kinds } from "../kinds";

test("the menu slides in, shows the branch and leads on", async ({ page }) => {
  await page.goto("/write/markdown");
  const branch = page.getByRole("navigation", { name: "In this section" });
  await expect(branch).toBeHidden();
  await page.getByRole("button", { name: "In this section" }).tap();
  await expect(branch).toBeInViewport();
  await branch.getByRole("link", { name: "Show code" }).tap();
  await expect(page).toHaveURL(/\/write\/code-blocks$/);
});

test("a touch beside the menu closes it", async ({ page }) => {
  await page.goto("/write/markdown");
  const branch = page.getByRole("navigation", { name: "In this section" });
  await page.getByRole("button", { name: "In this section" }).tap();
  await expect(branch).toBeVisible();
  await page.touchscreen.tap(380, 600);
  await expect(branch).toBeHidden();
});

test("the list of contents opens, leads to the section and closes", async ({ page }) => {
  await page.goto("/write/markdown");
  const contents = page.getByRole("navigation", { name: "On this page" });
  await expect(contents).toBeHidden();
  await page.getByRole("button", { name: "On this page" }).tap();
  await contents.getByRole("link", { name: "Tables" }).tap();
  await expect(contents).toBeHidden();
  await expect(page.getByRole("heading", { name: "Tables" })).toBeInViewport();
});

for (const kind of kinds) {
  test(`what is touched is large enough: ${kind.name}`, async ({ page, visit }) => {
    await visit(kind);
    expect(await page.evaluate(tooSmall)).toEqual([]);
  });
}

/** Links and buttons below 24 by 24 pixels that do not stand in a sentence (WCAG 2.2, 2.5.8). */
function tooSmall(): string[] {
  const sentence = ".prose :is(p, li, dd, td, th) a, .lead a, .notice a, .suggestion a";
  const targets = [...document.querySelectorAll<HTMLElement>("a[href], button, summary, input:not([type=hidden])")];
  return targets
    .filter((target) => target.checkVisibility({ visibilityProperty: true }) && !target.matches(`${sentence}, .skip`))
    .map((target) => ({ target, box: target.getBoundingClientRect() }))
    .filter(({ box }) => box.width < 24 || box.height < 24)
    .map(({ target, box }) => `${target.localName} “${target.textContent?.trim()}” ${box.width.toFixed()} × ${box.height.toFixed()}`);
}
