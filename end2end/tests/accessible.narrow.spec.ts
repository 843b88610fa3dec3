import { test } from "../fixture";

for (const button of ["In this section", "On this page"]) {
  test(`everybody can use what opens at “${button}”`, async ({ page, expectAccessible }) => {
    await page.goto("/write/markdown");
    await page.getByRole("button", { name: button }).tap();
    await page.getByRole("navigation", { name: button }).waitFor();
    await expectAccessible();
  });
}
