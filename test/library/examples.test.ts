import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CHECKOUT } from "../../tools/checkout.ts";
import { runTypeScript } from "../../tools/docs/run-example.ts";

const FOLDER = join(CHECKOUT, "examples/library");

/** What a reader is meant to see, besides that it runs. */
const SHOWS: Readonly<Record<string, RegExp>> = {
  "classify.ts": /^(billing|shipping|returns) \(0\.\d+, tier [01]\): My card/,
  "first-answer.ts": /^\(simulated\) [^]*decision: 'shipped'[^]*\$0\.0/,
  "ledger.ts": /^\$0\.0\d+ in .*ledger\.db/,
  "retry.ts": /^upstream_error: Overloaded; trying again\n\(simulated\) /,
  "stream.ts": /\nescalated \(low_confidence\), [≈$0-9.]+ for the triage/,
  "three-tiers.ts": /haiku[^]*: \d+[^]*sonnet/,
};

describe("the examples of the library", () => {
  test("are all here", () => {
    expect(readdirSync(FOLDER).sort()).toEqual(Object.keys(SHOWS));
  });

  test.each(Object.entries(SHOWS))("%s is short and runs without a key", async (name, shows) => {
    const text = readFileSync(join(FOLDER, name), "utf8");
    expect(text.split("\n").length - 1).toBeLessThanOrEqual(30);
    const { exitCode, output } = await runTypeScript(join(FOLDER, name));
    expect({ exitCode, output }).toEqual({ exitCode: 0, output: expect.stringMatching(shows) });
  });
});
