import { defineConfig } from "@playwright/test";

const launchOptions = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

const userAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

const desktop = { width: 1440, height: 900 };

// Every journey runs in all three projects, but for those that are about one of them. The file's name says which:
// `*.script.spec.ts` is about what only script does, `*.plain.spec.ts` about what happens without it,
// `*.wide.spec.ts` about columns and keys, `*.narrow.spec.ts` about what replaces them on a phone.
const script = /\.script\.spec\.ts$/;
const plain = /\.plain\.spec\.ts$/;
const wide = /\.wide\.spec\.ts$/;
const narrow = /\.narrow\.spec\.ts$/;

export default defineConfig({
  testDir: "tests",
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  // A journey that fails now and then is broken: it is not tried again.
  retries: 0,
  workers: 2,
  reporter: "list",
  // A page that still moves is judged before it stands still; what moves has tests that ask for it.
  // Readers' browsers do not call themselves headless, which crawlers do: those are not counted.
  use: { launchOptions, userAgent, contextOptions: { reducedMotion: "reduce" }, trace: "retain-on-failure", screenshot: "only-on-failure" },
  timeout: 60_000,
  expect: { timeout: 10_000 },
  projects: [
    { name: "desktop", testIgnore: [plain, narrow], use: { viewport: desktop } },
    {
      name: "phone",
      testIgnore: [plain, wide],
      use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    },
    {
      name: "no-javascript",
      testIgnore: [script, wide, narrow],
      use: { viewport: desktop, javaScriptEnabled: false },
    },
  ],
});
