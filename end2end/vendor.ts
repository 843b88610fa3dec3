import { createServer, type Server as Http } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

/** What was asked of a vendor by our server. */
type Asked = { method: string; path: string; body: any };

/** Takes the place of a vendor's script in a page: shows what it is told, and asks its host for something, as all do. */
const widget = `
  const shown = document.body.appendChild(Object.assign(document.createElement("ol"), { id: "fake-messenger" }));
  const show = (...words) => shown.appendChild(document.createElement("li")).append(JSON.stringify(words));
  const host = new URL(document.currentScript.src).origin;
  void fetch(host + "/ping", { method: "POST" });
`;
const intercom = `${widget}
  show("boot", window.intercomSettings);
  for (const words of window.Intercom.q) show(...words);
  window.Intercom = show;
`;
const zendesk = `${widget}
  window.zE = (...words) => {
    const last = words.at(-1);
    if (typeof last === "function") last((token) => show(...words.slice(0, -1), token));
    else show(...words);
  };
`;

/** Intercom or Zendesk on this machine: its API, the script of its chat and its status page. */
export class Vendor {
  readonly asked: Asked[] = [];
  /** Requests of browsers, by path. */
  readonly loaded: string[] = [];
  isDown = false;

  private constructor(private readonly server: Http) {}

  static async start(): Promise<Vendor> {
    const server = createServer();
    const vendor = new Vendor(server);
    server.on("request", (request, response) => {
      let text = "";
      request.on("data", (piece) => (text += piece));
      request.on("end", () => {
        const path = request.url!.split("?")[0];
        response.setHeader("access-control-allow-origin", "*");
        if (path.endsWith(".js") || path === "/ping") {
          vendor.loaded.push(path);
          response.setHeader("content-type", "text/javascript").end(path === "/widget.js" ? intercom : zendesk);
          return;
        }
        vendor.asked.push({ method: request.method!, path, body: text ? JSON.parse(text) : undefined });
        const [status, answer] = vendor.isDown ? [503, {}] : vendor.answer(request.method!, path);
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return vendor;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer(method: string, path: string): [number, unknown] {
    if (path.startsWith("/contacts/find_by_external_id/")) return [404, { errors: [] }];
    if (path === "/contacts/search") return [200, { data: [] }];
    if (path === "/contacts") return [200, { id: "66a1b2c3d4e5f60718293a4b" }];
    if (path === "/conversations") return [200, { conversation_id: "12045" }];
    if (path.startsWith("/conversations/")) return [200, { id: "12045" }];
    if (path === "/api/v2/tickets") return [201, { ticket: { id: 41207 } }];
    if (path.startsWith("/api/v2/tickets/")) return [200, { ticket: { id: 41207 } }];
    return [400, { error: `${method} ${path}` }];
  }
}

const common = {
  SIGNPOST__CHAT__OPEN: "true",
  SIGNPOST__TICKETS__FILL_SECONDS: "0",
  SIGNPOST__TICKETS__PER_ADDRESS: "1000",
  SIGNPOST__PRIVACY__PURPOSES: '["preferences"]',
  // Once it failed it is left alone for a moment.
  SIGNPOST__DELIVERY__BREAKER_FAILURES: "1",
  SIGNPOST__DELIVERY__BREAKER_OPEN_MS: "4000",
};

export const withIntercom = ({ origin }: Vendor): NodeJS.ProcessEnv => ({
  ...common,
  SIGNPOST__CHAT__WITH: "intercom",
  SIGNPOST__CHAT__INTERCOM__WORKSPACE: "ab1cd2ef",
  SIGNPOST__CHAT__INTERCOM__SECRET: "an-identity-secret",
  SIGNPOST__CHAT__INTERCOM__SCRIPT: `{ url = "${origin}/widget.js", hosts = ["${origin}"] }`,
  SIGNPOST__DESKS__INTERCOM: `{ url = "${origin}", token = "a-token-of-an-app", admin = 600700800 }`,
  SIGNPOST__TICKETS__DESKS: '[{ desk = "intercom" }]',
});

export const withZendesk = ({ origin }: Vendor): NodeJS.ProcessEnv => ({
  ...common,
  SIGNPOST__CHAT__WITH: "zendesk",
  SIGNPOST__CHAT__ZENDESK: `{ key = "0a1b2c3d", key_id = "app_1", secret = "a-shared-secret", field = 360, script = { url = "${origin}/snippet.js", hosts = ["${origin}"] } }`,
  SIGNPOST__DESKS__ZENDESK: `{ url = "${origin}", token = "a-token" }`,
  SIGNPOST__TICKETS__DESKS: '[{ desk = "zendesk" }]',
});

/** What a signed token says: head and claims. */
export function read(token: string): [Record<string, unknown>, Record<string, unknown>] {
  const part = (text: string) => JSON.parse(Buffer.from(text, "base64url").toString());
  const [head, claims] = token.split(".");
  return [part(head), part(claims)];
}
