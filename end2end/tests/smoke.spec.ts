import { expect, test } from "../fixture";

test("the server is alive", async ({ request }) => {
  const answer = await request.get("/livez");
  expect(answer.status()).toBe(200);
});
