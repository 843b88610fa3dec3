import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import PostalMime, { type Email } from "postal-mime";
import { generate } from "selfsigned";
import { SMTPServer } from "smtp-server";

const user = "help@acme.example";
const password = "s3cret-pw";

/** A mail as a reader sees it. */
export type Mail = Email & { to: string };

/** A mail server on a free port, with STARTTLS and a password, which keeps what it takes until somebody looks. */
export class Mailbox {
  private readonly waiting: { mail: Mail; read: boolean }[] = [];
  private readonly news = new EventTarget();

  private constructor(
    private readonly server: SMTPServer,
    private readonly folder: string,
  ) {}

  static async open(): Promise<Mailbox> {
    const { cert, private: key } = await generate([{ name: "commonName", value: "localhost" }], {
      algorithm: "sha256",
      keySize: 2048,
      extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] }],
    });
    const folder = await mkdtemp(path.join(tmpdir(), "mailbox-"));
    await writeFile(path.join(folder, "ca.pem"), cert);
    const server = new SMTPServer({
      key,
      cert,
      onAuth(given, _session, done) {
        const isRight = given.username === user && given.password === password;
        done(isRight ? null : new Error("wrong password"), { user });
      },
      onData(stream, session, done) {
        mailbox.take(stream, session.envelope.rcptTo[0].address).then(() => done(), done);
      },
    });
    const mailbox = new Mailbox(server, folder);
    server.listen(0, "127.0.0.1");
    await once(server.server, "listening");
    return mailbox;
  }

  /** What the program must be told to send its mails here. */
  get env(): NodeJS.ProcessEnv {
    const { port } = this.server.server.address() as AddressInfo;
    return {
      SIGNPOST__MAIL__URL: `smtp://${encodeURIComponent(user)}:${password}@localhost:${port}?tls=required`,
      SIGNPOST__MAIL__FROM: `Acme Help <${user}>`,
      SIGNPOST__MAIL__AUTHORITY: path.join(this.folder, "ca.pem"),
    };
  }

  /** The next mail to `address` that nobody looked at. The test's own time limit ends the wait. */
  async next(address: string): Promise<Mail> {
    for (;;) {
      const found = this.waiting.find(({ mail, read }) => !read && mail.to === address);
      if (found) {
        found.read = true;
        return found.mail;
      }
      await new Promise((resolve) => this.news.addEventListener("mail", resolve, { once: true }));
    }
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(resolve));
    await rm(this.folder, { recursive: true });
  }

  private async take(stream: AsyncIterable<Buffer>, to: string): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part);
    const email = await PostalMime.parse(Buffer.concat(parts));
    this.waiting.push({ mail: { ...email, to }, read: false });
    this.news.dispatchEvent(new Event("mail"));
  }
}

/** The link of a mail's text that leads to the request it is about. */
export function link(mail: Mail): string {
  const found = /https?:\/\/\S+\/requests\/\w+/.exec(mail.text ?? "");
  if (!found) throw new Error(`no link to a request in ${JSON.stringify(mail.text)}`);
  return found[0];
}
