import { expect } from "../fixture";
import { number, quick, test as journey, write } from "../journey";
import { Server } from "../server";

/** A server that wants work of browsers before it believes what they send. */
const test = journey.extend<{}, { server: Server }>({
  server: [
    async ({ mailbox }, use) => {
      const server = await Server.start([], { env: { ...mailbox.env, ...quick, SIGNPOST__TICKETS__SPAM__WORK: "12" } });
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
});

test("who has script is believed, who has none once an agent looked", async ({ page, desk, reader, mailbox, javaScriptEnabled }) => {
  await page.goto("/contact/question");
  await write(page, reader, "Where is search?", "I look for it.");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByText("We have your message.")).toBeVisible();
  const ticket = await number(page);
  await desk.goto(`/agent/tickets/${ticket}`);
  const release = desk.getByRole("button", { name: "It is no spam" });
  if (javaScriptEnabled === false) await release.click();
  await expect(desk.getByRole("heading", { name: "Where is search?" })).toBeVisible();
  await expect(release).toHaveCount(0);
  expect((await mailbox.next(reader)).subject).toContain(`[#${ticket}]`);
});
