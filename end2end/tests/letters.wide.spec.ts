import { AxeBuilder } from "@axe-core/playwright";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";

// The letters as the snapshots of their tests hold them: what is looked at here is what is sent.
const snapshots = fileURLToPath(new URL("../../src/mail/snapshots", import.meta.url));
const letters = readdirSync(snapshots).filter((file) => file.endsWith(".snap")).map((file) => {
  const html = readFileSync(path.join(snapshots, file), "utf8").replace(/^.*?(?=<!doctype html>)/s, "");
  return { name: path.basename(file, ".snap").replace("signpost__mail__tests__", ""), html };
});

/** Where to keep pictures of all of them, for people to look at. */
const pictures = process.env.LETTERS;

for (const { name, html } of letters) {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [390, 700]) {
      test(`${name}, ${colorScheme}, ${width} wide`, async ({ page }) => {
        const asked: string[] = [];
        page.on("request", (request) => asked.push(request.url()));
        await page.setViewportSize({ width, height: 700 });
        await page.emulateMedia({ colorScheme });
        await page.setContent(html);
        if (pictures) {
          await page.screenshot({ path: path.join(pictures, `${name}-${colorScheme}-${width}.png`), fullPage: true });
        }
        expect(asked, "nothing is loaded").toEqual([]);
        const room = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(room, "nothing is wider than the screen").toBe(0);
        const card = page.locator(".card");
        await expect(card).toHaveCSS("background-color", colorScheme === "dark" ? "rgb(23, 29, 26)" : "rgb(255, 255, 255)");
        await expect(card).toHaveCSS("text-align", name.endsWith("_ar") ? "right" : "left");
        const { violations } = await new AxeBuilder({ page }).disableRules(["landmark-one-main", "page-has-heading-one", "region"]).analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
      });
    }
  }
}
