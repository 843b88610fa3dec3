import { defineConfig } from "@playwright/test";
import tests from "./playwright.config";

/** `npm run screenshots`: the images of the manual, from the real program. */
export default defineConfig({ ...tests, testDir: ".", testMatch: "screenshots.ts", projects: [{ name: "images" }] });
