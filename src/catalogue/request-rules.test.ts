import { expect, test } from "vitest";
import { MODELS } from "./models.ts";
import { REQUEST_RULES } from "./request-rules.ts";
import type { RequestRules } from "./request-rules.ts";

/** The nine models of the vendor's comparison, in its order. */
const COLUMNS = [
  "claude-haiku-4-5",
  "claude-haiku-5-5",
  "claude-sonnet-4-6",
  "claude-sonnet-5",
  "claude-sonnet-5-5",
  "claude-opus-4-7",
  "claude-opus-4-8",
  "claude-opus-5",
  "claude-opus-5-5",
  "claude-fable-5-1",
  "claude-fable-5-2",
] as const;

/** `+` accepted, `-` rejected; any other word is spelled out. */
const TABLE: Readonly<Record<keyof RequestRules, string>> = {
  sampling: "one_of_two - + - - - - - - - -",
  omittedThinking: "off on off on on off off on on on on",
  enabledThinking: "+ - deprecated - - - - - - - -",
  adaptiveThinking: "- + + + + + + + + + +",
  disabledThinking: "+ up_to_high + + - + + up_to_high - - -",
  betweenToolsThinking: "- - - - up_to_high - - - - - -",
  efforts: "none all 4 all all all all all all all all",
  defaultEffort: "none medium high high high high high high medium high high",
  prefill: "+ - - - - - - - - - -",
  forcedToolChoice: "not_with_enabled_thinking + + + - + + + - - -",
  jsonSchemaFormat: "+ + + + + + + + + + +",
  systemRole: "- + - - + - + + + + +",
  fastSpeed: "- - - - - - beta beta + - +",
  interleavedThinking: "no yes yes yes yes yes yes yes yes yes yes",
  hasSafetyClassifier: "no yes no no yes no no yes yes yes yes",
};

test.each(Object.entries(TABLE))("%s", (parameter, cells) => {
  const found = COLUMNS.map((id) => cell(parameter, REQUEST_RULES[id]));
  expect(found.join(" ")).toBe(cells);
});

test("every model of the catalogue has its rules, and no other", () => {
  expect(Object.keys(REQUEST_RULES)).toEqual(MODELS.map(({ id }) => id));
});

test("Sonnet and Opus 4.5 follow Haiku 4.5, but Opus 4.5 has efforts up to high", () => {
  expect(REQUEST_RULES["claude-sonnet-4-5"]).toEqual(REQUEST_RULES["claude-haiku-4-5"]);
  expect(REQUEST_RULES["claude-opus-4-5"]).toEqual({
    ...REQUEST_RULES["claude-haiku-4-5"],
    efforts: ["low", "medium", "high"],
    defaultEffort: "high",
  });
});

test("Opus 4.6 follows Sonnet 4.6, but ignores fast mode instead of rejecting it", () => {
  expect(REQUEST_RULES["claude-opus-4-6"]).toEqual({
    ...REQUEST_RULES["claude-sonnet-4-6"],
    fastSpeed: "ignored",
  });
});

test("Sonnet 4.6 knows every effort but xhigh", () => {
  expect(REQUEST_RULES["claude-sonnet-4-6"]?.efforts).toEqual(["low", "medium", "high", "max"]);
});

test("Fable 5 follows Fable 5.1, but still takes forced tool choices", () => {
  expect(REQUEST_RULES["claude-fable-5"]).toEqual({
    ...REQUEST_RULES["claude-fable-5-1"],
    forcedToolChoice: "accepted",
  });
});

test.each(["5", "5-1", "5-2"])("Mythos %s follows its Fable", (version) => {
  expect(REQUEST_RULES[`claude-mythos-${version}`]).toEqual(
    REQUEST_RULES[`claude-fable-${version}`],
  );
});

function cell(parameter: string, rules: RequestRules | undefined): string {
  const value = new Map<string, unknown>(Object.entries(rules ?? {})).get(parameter);
  if (value === "accepted") return "+";
  if (value === "rejected") return "-";
  if (value === true) return "yes";
  if (value === false) return "no";
  if (value === null) return "none";
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return "?";
  return ["none", "1", "2", "3", "4", "all"][value.length] ?? "?";
}
