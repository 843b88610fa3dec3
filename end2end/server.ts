import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const program = process.env.SIGNPOST_BIN ?? fileURLToPath(new URL("../target/debug/signpost", import.meta.url));

/** Opens `/admin` of every server the tests start. */
export const adminToken = "a-token-for-tests";

/** Runs the program to its end and gives what it printed. */
export async function run(...words: string[]): Promise<string> {
  return (await promisify(execFile)(program, words)).stdout;
}

/** The same for what reads `input`. */
export async function pipe(input: string, ...words: string[]): Promise<void> {
  const done = promisify(execFile)(program, words);
  done.child.stdin!.end(input);
  await done;
}

/** `binary`: another program than the one that was built. `folder`: where it is started; removed when it stops. */
type Options = { binary?: string; env?: NodeJS.ProcessEnv; folder?: string };

/** The real program on a free port, with a database of its own. */
export class Server {
  private constructor(
    private readonly child: ChildProcess,
    readonly folder: string,
    readonly origin: string,
  ) {}

  /** Starts `signpost serve` with `args`, in an empty folder if none is given; without `--content` it serves our manual. */
  static async start(args: string[] = [], { binary = program, env = {}, folder = "" }: Options = {}): Promise<Server> {
    folder ||= await mkdtemp(path.join(tmpdir(), "signpost-"));
    const words = ["serve", "--listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0", "--data", "data", ...args];
    const child = spawn(binary, words, {
      cwd: folder,
      // What one test searches for is not proposed to the next.
      env: { PATH: process.env.PATH, SIGNPOST__ADMIN__TOKEN: adminToken, SIGNPOST__SEARCH__POPULAR_FROM: "0", ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    // Rejects when the program cannot be started at all.
    await once(child, "spawn");
    return new Server(child, folder, await listening(child));
  }

  /** Asks the server to end, waits until it has, and removes its folder. */
  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      const ended = once(this.child, "exit");
      this.child.kill("SIGTERM");
      await ended;
    }
    await rm(this.folder, { recursive: true });
  }
}

async function listening(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout! });
  for await (const line of lines) {
    const origin = /listening on (http:\/\/\S+?)\/?$/.exec(line)?.[1];
    if (origin) {
      // What follows is read and dropped, so that the pipe never fills up.
      child.stdout!.resume();
      return origin;
    }
  }
  throw new Error(`${program} ended before it was listening; what it said is above`);
}
