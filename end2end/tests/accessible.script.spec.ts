import { test } from "../fixture";
import { kinds } from "../kinds";

// axe is a script itself; without script there is less on a page, and nothing more.
for (const kind of kinds) {
  test(`everybody can use it, in light and in dark: ${kind.name}`, async ({ page, visit, expectAccessible }) => {
    await page.emulateMedia({ colorScheme: "light" });
    await visit(kind);
    await expectAccessible();
    // Only colours change.
    await page.emulateMedia({ colorScheme: "dark" });
    await expectAccessible(["color-contrast", "link-in-text-block"]);
  });
}
