import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "../fixture";
import { Server, program, run } from "../server";

let folder: string;
test.beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), "signpost-alone-"))));
test.afterEach(() => rm(folder, { recursive: true }));

test("the program alone serves the manual, with its styles", async ({ page }) => {
  const copy = path.join(folder, "signpost");
  await copyFile(program, copy);
  const server = await Server.start([], { binary: copy });
  await page.goto(server.origin);
  await expect(page.getByRole("link", { name: "Get started" })).toBeVisible();
  await expect(page.locator(".hero h1")).toHaveCSS("text-align", "center");
  // What the page fetches when idle is not asked of a server that is gone.
  await page.goto("about:blank");
  await server.stop();
});

test("a new help center has three topics and answers", async ({ page }) => {
  const help = path.join(folder, "help");
  await run("init", help);
  const server = await Server.start(["--content", help]);
  await page.goto(server.origin);
  await expect(page.locator(".card h3")).toHaveText(["Getting started", "Your account", "Billing"]);
  await page.locator("#q").fill("password");
  await page.keyboard.press("Enter");
  await page.locator(".hit-link").first().click();
  await expect(page).toHaveURL(/\/your-account\/change-your-password/);
  await server.stop();
});
