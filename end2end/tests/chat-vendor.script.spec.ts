import type { Page } from "@playwright/test";
import { begin } from "../chat";
import { expect, test } from "../fixture";
import { Server } from "../server";
import { read, Vendor, withIntercom, withZendesk } from "../vendor";

/** Addresses that the page asks which are none of the site. */
function foreign(page: Page, server: Server): string[] {
  const asked: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(server.origin) && !request.url().startsWith("data:")) asked.push(request.url());
  });
  return asked;
}

/** What the vendor's script was told. */
const told = (page: Page) =>
  page.locator("#fake-messenger li").evaluateAll((items) => items.map((item) => JSON.parse(item.textContent!)));

test("Intercom has the words and the note, and is loaded when its reader goes on", async ({ page, expectAccessible }) => {
  const vendor = await Vendor.start();
  const server = await Server.start([], { env: withIntercom(vendor) });
  const asked = foreign(page, server);
  await page.goto(`${server.origin}/search?q=tables`);
  await page.goto(`${server.origin}/chat`);
  await expect(page.getByText("Then it goes on in the chat of Intercom.")).toBeVisible();
  await expectAccessible();
  await begin(page, server, "How do I write a table?");
  await expect(page.getByText("Your message has arrived.")).toBeVisible();
  await expectAccessible();
  const note = () => vendor.asked.find(({ path }) => path === "/conversations/12045/reply")?.body;
  await expect.poll(note).toMatchObject({ message_type: "note", type: "admin", admin_id: "600700800" });
  expect(note().body).toContain("tables");
  expect(vendor.asked.find(({ path }) => path === "/conversations")!.body.body).toContain("How do I write a table?");

  await page.getByRole("button", { name: "Allow Intercom" }).click();
  const button = page.getByRole("button", { name: "Go on in the chat" });
  await expect(button).toBeVisible();
  await expectAccessible();
  await page.waitForLoadState("networkidle");
  expect([asked, vendor.loaded]).toEqual([[], []]);

  await button.click();
  await expect.poll(() => told(page)).toHaveLength(2);
  const [[, settings], shown] = await told(page);
  expect(shown).toEqual(["showConversation", "12045"]);
  expect(settings.app_id).toBe("ab1cd2ef");
  const [head, claims] = read(settings.intercom_user_jwt);
  expect(head).toEqual({ alg: "HS256", typ: "JWT" });
  expect(Number(claims.exp) * 1000 - Date.now()).toBeLessThan(3_601_000);
  await expect.poll(() => vendor.loaded).toEqual(["/widget.js", "/ping"]);
  await page.getByRole("link", { name: "Request 1001" }).click();
  await expect(page.getByRole("main").getByText("How do I write a table?").last()).toBeVisible();
  expect(vendor.loaded, "no other page loads it").toHaveLength(2);
  await page.goto(`${server.origin}/chat?new`);
  await expect(page.getByLabel("Your message"), "what was sent is no draft").toHaveValue("");
  await page.goto("about:blank");
  await server.stop();
  vendor.stop();
});

test("Zendesk has a ticket, and its messaging knows the reader and the number", async ({ page }) => {
  const vendor = await Vendor.start();
  const server = await Server.start([], { env: withZendesk(vendor) });
  const asked = foreign(page, server);
  await begin(page, server, "How do I write a table?", "jo@customer.example");
  await page.getByRole("button", { name: "Allow Zendesk" }).click();
  await expect(page.getByRole("button", { name: "Go on in the chat" })).toBeVisible();
  await expect.poll(() => vendor.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /api/v2/tickets",
    "PUT /api/v2/tickets/41207",
  ]);
  expect([asked, vendor.loaded]).toEqual([[], []]);
  await page.getByRole("button", { name: "Go on in the chat" }).click();
  await expect.poll(() => told(page)).toHaveLength(4);
  const [login, ...others] = await told(page);
  const [head, claims] = read(login.at(-1));
  expect([login.slice(0, 2), head.kid, claims.scope]).toEqual([["messenger", "loginUser"], "app_1", "user"]);
  expect(claims.email, "nobody proved it").toBeUndefined();
  expect(others).toEqual([
    ["messenger:set", "conversationTags", ["help_center", "help_center_1001"]],
    ["messenger:set", "conversationFields", [{ id: "360", value: "1001" }]],
    ["messenger", "open"],
  ]);
  await page.goto("about:blank");
  await server.stop();
  vendor.stop();
});

test.describe("a vendor that is away", () => {
  // The script's host is gone when it is asked for.
  test.use({ allowed: [/ERR_CONNECTION_REFUSED/] });

  test("is said, the form takes over, and it comes back by itself", async ({ page }) => {
    test.slow();
    const vendor = await Vendor.start();
    const server = await Server.start([], { env: withIntercom(vendor) });
    vendor.isDown = true;
    await begin(page, server, "Is anybody there?");
    await expect(page.getByText("Your message has arrived.")).toBeVisible();
    await expect(async () => {
      await page.goto(`${server.origin}/chat?new`);
      await expect(page.getByText("The chat is away right now.")).toBeVisible({ timeout: 500 });
    }).toPass();
    await page.getByRole("link", { name: "Use the form" }).click();
    await expect(page.getByLabel("What is it about?")).toBeVisible();
    vendor.isDown = false;
    await expect(async () => {
      await page.goto(`${server.origin}/contact`);
      await expect(page.getByRole("link", { name: "Chat with us" })).toBeVisible({ timeout: 500 });
    }).toPass({ timeout: 30_000 });
    await expect.poll(() => vendor.asked.some(({ path }) => path === "/conversations"), { timeout: 60_000 }).toBe(true);

    // Its script cannot be had: the reader is told.
    vendor.stop();
    await page.goto(`${server.origin}/chat`);
    await page.getByRole("button", { name: "Allow Intercom" }).click();
    await page.getByRole("button", { name: "Go on in the chat" }).click();
    await expect(page.getByText("The chat cannot be reached.")).toBeVisible();
    await page.goto("about:blank");
    await server.stop();
  });
});
