import type { Page } from "@playwright/test";
import path from "node:path";
import { expect, test as base } from "../fixture";
import { run, Server } from "../server";

const password = "correct horse battery";

/** A server of its own, as its accounts change; what the program said of a new account holds its password. */
const test = base.extend<{ grace: string }, { server: Server }>({
  server: [
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  grace: async ({ server }, use, { testId, project }) => {
    const email = `grace-${testId}-${project.name}@example.com`.toLowerCase();
    const words = ["user", "add", email, "--name", "Grace", "--role", "admin", "--data", path.join(server.folder, "data")];
    const first = /shown only now: (\S+)/.exec(await run(...words))![1];
    await use(`${email} ${first}`);
  },
});

async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test("an admin signs in, goes on to the page asked for, and takes a password of her own", async ({
  page,
  browser,
  baseURL,
  grace,
  expectAccessible,
}) => {
  const [email, first] = grace.split(" ");
  await page.goto("/admin/delivery");
  await expect(page).toHaveURL(/\/agent\/login\?next=%2Fadmin%2Fdelivery$/);
  await expect(page.getByLabel("E-mail address")).toBeFocused();

  await signIn(page, email, "not my password");
  await expect(page.getByRole("alert")).toContainText("do not belong to an account");
  await expect(page.getByLabel("E-mail address")).toHaveValue(email);
  await expect(page.getByLabel("Password")).toBeFocused();
  await expectAccessible();

  await page.getByLabel("Password").fill(first);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/admin\/delivery$/);

  await page.goto("/agent/account");
  await page.getByLabel("Name").fill("Grace Hopper");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("main").getByRole("status")).toHaveText("Saved.");
  await expect(page.getByLabel("Name")).toHaveValue("Grace Hopper");

  const elsewhere = await browser.newPage({ baseURL });
  await elsewhere.goto("/agent/account");
  await signIn(elsewhere, email, first);
  await expect(elsewhere.getByRole("heading", { level: 1 })).toHaveText("Your account");

  await page.getByLabel("Current password").fill("not my password");
  await page.getByLabel("New password").fill(password);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByLabel("Current password")).toHaveAccessibleDescription(/not your current password/);
  await expect(page.getByRole("listitem").filter({ hasText: "Linux" })).toHaveCount(2);
  await expectAccessible();
  await page.getByLabel("Current password").fill(first);
  await page.getByLabel("New password").fill(password);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByRole("main").getByRole("status")).toContainText("Your password was changed");
  await expect(page.getByRole("listitem").filter({ hasText: "Linux" })).toHaveCount(1);
  await elsewhere.reload();
  await expect(elsewhere).toHaveURL(/\/agent\/login/);
  await signIn(elsewhere, email, password);

  await page.reload();
  await page.getByRole("button", { name: "End", exact: true }).click();
  await expect(page.getByRole("main").getByRole("status")).toContainText("Ended.");
  await elsewhere.reload();
  await expect(elsewhere).toHaveURL(/\/agent\/login/);
  await elsewhere.close();

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.goto("/admin");
  await expect(page).toHaveURL(/\/agent\/login/);
});

test("an agent reads the portal in a language of her own", async ({ page, grace, expectAccessible }) => {
  const [email, first] = grace.split(" ");
  await page.goto("/agent/account");
  await signIn(page, email, first);
  await page.getByLabel("Language").selectOption("ar");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("حسابك");
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  await expectAccessible();
});
