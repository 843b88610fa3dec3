import type { Page, Response } from "@playwright/test";
import { adminToken } from "./server";

/** A kind of page, and how a reader or an editor comes to it. */
export type Kind = {
  name: string;
  /** What a request for it is answered with. */
  status: number;
  open: (page: Page) => Promise<Response | null>;
  /** Wants the cookies of somebody who gave the admin token. */
  staff?: true;
};

/** A word that stands nowhere in the manual. */
export const unknownWord = "zxqvjk";

/** The manual's example of everything Markdown can do, and so of every element there is a style for. */
export const article = "/write/markdown";

export const kinds: Kind[] = [
  at("home", "/"),
  at("category", "/write"),
  at("article", article),
  at("article with code", "/write/code-blocks"),
  at("article with an image", "/read/appearance-and-language"),
  at("list of questions", "/troubleshoot/questions"),
  at("search with hits", "/search?q=signpost"),
  at("search with a filter", "/search?q=signpost&category=write"),
  at("corrected search, explained", "/search?q=chagne+colours&explain=1"),
  at("search without hits", `/search?q=${unknownWord}`),
  at("not found", "/nowhere/at-all", 404),
  { name: "error", status: 405, open: (page) => post(page, "/search") },
  at("privacy", "/privacy"),
  at("contact", "/contact"),
  at("form of a request", "/contact/bug"),
  at("feedback", "/feedback/write-markdown"),
  at("Arabic article", "/ar/start/first-help-center"),
  at("page in another language", "/de/write/markdown"),
  at("sign-in", "/agent/login"),
  at("admin sign-in", "/admin/login"),
  { ...at("admin", "/admin"), staff: true },
  { ...at("admin, delivery", "/admin/delivery"), staff: true },
  { ...at("admin, privacy", "/admin/privacy"), staff: true },
  { ...at("admin, tickets", "/admin/tickets"), staff: true },
  { ...at("admin, articles", "/admin/articles?sort=opened"), staff: true },
];

function at(name: string, path: string, status = 200): Kind {
  return { name, status, open: (page) => page.goto(path) };
}

/** Sends an empty form to `path`, which may be one that takes none. */
export async function post(page: Page, path: string): Promise<Response> {
  await page.goto("/");
  const answer = page.waitForResponse((response) => response.request().method() === "POST");
  await page.evaluate((action) => {
    const form = Object.assign(document.createElement("form"), { method: "post", action });
    document.body.append(form);
    form.submit();
  }, path);
  await page.waitForURL(`**${path}`);
  return answer;
}

/** Few tests may come this way: an address has five attempts a minute. */
export async function signIn(page: Page, origin = "", token = adminToken): Promise<void> {
  await page.goto(`${origin}/admin/login`);
  await page.getByLabel("Admin token").fill(token);
  await page.getByRole("button", { name: "Sign in" }).click();
}
