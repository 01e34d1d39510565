import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe } from "vitest";
import { describeMessagesApi } from "./messages-api-suite.ts";

/** Real replies, for tests that run offline. */
const FIXTURES = fileURLToPath(new URL("./fixtures/", import.meta.url));

describe("the Messages API of Anthropic, as of today", () => {
  describeMessagesApi(() => {
    const apiKey = process.env["ANTHROPIC_API_KEY"];
    if (apiKey === undefined) throw new Error("Wanted ANTHROPIC_API_KEY, found none");
    return {
      baseUrl: "https://api.anthropic.com",
      apiKey,
      keep: (name, fixture) => {
        mkdirSync(FIXTURES, { recursive: true });
        writeFileSync(`${FIXTURES}${name}.json`, `${JSON.stringify(fixture, null, 2)}\n`);
      },
      refuses: () => true,
    };
  });
});
