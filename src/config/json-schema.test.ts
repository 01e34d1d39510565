import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { choicesAt, configJsonSchema, renderJsonSchema } from "./json-schema.ts";
import { FULL_CONFIG, SAMPLE_CONFIG } from "./sample-config.fixture.ts";

const CHECKED_IN = new URL("../../schema/leadsman.schema.json", import.meta.url);

describe("the JSON Schema", () => {
  test("is checked in as it is", () => {
    expect(
      readFileSync(CHECKED_IN, "utf8"),
      "schema/leadsman.schema.json is stale: run `npm run docs:generate`",
    ).toBe(renderJsonSchema());
  });

  const json = z.custom<z.core.JSONSchema.JSONSchema>().parse(configJsonSchema());
  const schema = z.fromJSONSchema(json);

  test.each([
    ["the usual file", SAMPLE_CONFIG],
    ["a file that uses everything, variables included", FULL_CONFIG],
    ["an empty group", "{}"],
    ["a variable in place of a word", "routes: [{ name: a, tiers: [x], mode: '${MODE:-live}' }]"],
  ])("accepts %s", (_case, text) => {
    expect(schema.safeParse(parse(text)).error?.issues).toBeUndefined();
  });

  test.each([
    ["a misspelt setting", "versoin: 1"],
    ["a misspelt setting of a route", "routes: [{ name: a, tiers: [x], treshold: 1 }]"],
    ["a misspelt setting of a tier", "routes: [{ name: a, tiers: [{ modle: x }] }]"],
    ["a route without tiers", "routes: [{ name: a }]"],
    ["a word that is none", "routes: [{ name: a, tiers: [x], mode: lve }]"],
    ["a share over the whole", "routes: [{ name: a, tiers: [x], storm: { rate: 35 } }]"],
    ["a port out of range", "server: { port: 70000 }"],
  ])("rejects %s", (_case, text) => {
    expect(schema.safeParse(parse(text)).success).toBe(false);
  });
});

describe("choices at a place", () => {
  test("are names of settings, words, or nothing", () => {
    expect(choicesAt([]).keys).toEqual([
      "version",
      "server",
      "providers",
      "routes",
      "prices",
      "ledger",
      "telemetry",
      "alerts",
    ]);
    expect(choicesAt(["routes", 3, "tiers", 1]).keys).toEqual(["model", "provider", "threshold"]);
    expect(choicesAt(["routes", 0, "mode"])).toEqual({
      keys: ["canary"],
      words: ["off", "shadow", "live"],
    });
    expect(choicesAt(["providers", "any", "kind"]).words).toEqual(["anthropic", "simulated"]);
    expect(choicesAt(["no", "such", "place"])).toEqual({ keys: [], words: [] });
  });
});
