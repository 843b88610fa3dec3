import { test } from "../fixture";
import { kinds } from "../kinds";

for (const kind of kinds) {
  for (const colorScheme of ["light", "dark"] as const) {
    test.describe(() => {
      test.use({ colorScheme });

      test(`everybody can use it: ${kind.name}, ${colorScheme}`, async ({ visit, expectAccessible }) => {
        await visit(kind);
        await expectAccessible();
      });
    });
  }
}
