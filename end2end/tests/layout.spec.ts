import { expect, test } from "../fixture";
import { kinds } from "../kinds";

for (const kind of kinds) {
  test(`nothing is wider than the window: ${kind.name}`, async ({ page, visit }) => {
    // A page that still moves while its window changes size is no news.
    await page.emulateMedia({ reducedMotion: "reduce" });
    await visit(kind);
    for (const width of [320, 390, 820, 1440]) {
      await page.setViewportSize({ width, height: 844 });
      const found = await page.evaluate(tooWide);
      expect(found, `at ${width} pixels`).toEqual([]);
    }
  });
}

/** What makes the page scroll sideways. */
function tooWide(): string[] {
  const room = document.documentElement.clientWidth;
  if (document.scrollingElement!.scrollWidth <= room) return [];
  const wide = [...document.body.querySelectorAll("*")].filter((element) => {
    const { left, right, width } = element.getBoundingClientRect();
    return width > 0 && (right > room + 0.5 || left < -0.5);
  });
  return [`the page is ${document.scrollingElement!.scrollWidth} wide`, ...wide.map((element) => `${element.localName}.${element.className}`)];
}
