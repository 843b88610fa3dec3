import { begin } from "../chat";
import { expect, test } from "../fixture";
import { Server } from "../server";
import { Vendor, withIntercom } from "../vendor";

test("the first words arrive with and without script, and the request is there", async ({ page, javaScriptEnabled }) => {
  const vendor = await Vendor.start();
  const server = await Server.start([], { env: withIntercom(vendor) });
  await begin(page, server, "How do I write a table?", "jo@customer.example");
  await expect(page.getByText("Your message has arrived.")).toBeVisible();
  await page.getByRole("button", { name: "Allow Intercom" }).click();
  if (javaScriptEnabled === false) await expect(page.getByText("The chat needs JavaScript.")).toBeVisible();
  else await expect(page.getByRole("button", { name: "Go on in the chat" })).toBeVisible();
  await expect.poll(() => vendor.asked.some(({ path }) => path.endsWith("/reply"))).toBe(true);
  expect(vendor.loaded).toEqual([]);
  await page.getByRole("link", { name: "Request 1001" }).click();
  await expect(page.getByRole("main").getByText("How do I write a table?").last()).toBeVisible();
  await page.goto(`${server.origin}/chat?new`);
  await expect(page.getByLabel("Your message")).toBeVisible();
  await page.goto("about:blank");
  await server.stop();
  vendor.stop();
});
