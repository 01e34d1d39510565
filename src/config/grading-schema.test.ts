import { describe, expect, test } from "vitest";
import { formatProblems } from "./config-problem.ts";
import { loadText } from "./sample-config.fixture.ts";
import { writeSettings } from "./write-settings.ts";

function load(lines: string): ReturnType<typeof loadText> {
  return loadText(`version: 1
providers:
  own: { apiKey: sk-own }
  trial: { kind: simulated }
routes:
  - name: one
    tiers: [claude-haiku-4-5, claude-opus-4-7]
    ${lines}
`);
}

describe("compare", () => {
  test.each([
    ["compare: exact", { kind: "exact" }],
    ["compare: json", { kind: "json", fields: null }],
    ["compare: { json: [intent] }", { kind: "json", fields: ["intent"] }],
    ["compare: number", { kind: "number", absolute: 0, relative: 0 }],
    ["compare: { number: { relative: 1% } }", { kind: "number", absolute: 0, relative: 0.01 }],
    ["compare: { label: [a, b] }", { kind: "label", labels: ["a", "b"] }],
  ])("%s is understood, and written as it was meant", (line, compare) => {
    const result = load(line);
    if (!result.ok) throw new Error(formatProblems(result.problem));
    const { config } = result.value;
    expect(config.routes[0]?.compare).toEqual(compare);
    const again = loadText(JSON.stringify(writeSettings(config)));
    expect(again).toMatchObject({ ok: true, value: { config } });
  });

  test.each([
    ["compare: closely", "routes[0].compare must be one of exact, text"],
    ["compare: { json: [a], label: [a, b] }", "must have exactly one of json, number and label"],
    ["compare: { label: [a] }", "routes[0].compare.label must be a list of 2 to 64 labels"],
    ["compare: { letters: 3 }", "routes[0].compare.letters is not a setting"],
    ["compare: judge", "routes[0].compare is judge, but the route has no judge"],
  ])("%s is refused", (line, sentence) => {
    const result = load(line);
    expect(result.ok ? "" : formatProblems(result.problem)).toContain(sentence);
  });
});

describe("judge", () => {
  test.each(["own", "trial"])("may be asked by the provider %s", (provider) => {
    const result = load(`judge: { model: claude-sonnet-4-6, provider: ${provider}, share: 20% }`);
    if (!result.ok) throw new Error(formatProblems(result.problem));
    expect(result.value.config.routes[0]?.judge).toEqual({
      model: "claude-sonnet-4-6",
      provider,
      share: 0.2,
      usdPerDay: 10,
      maxConcurrent: 2,
    });
  });

  test.each([
    ["judge: { model: claude-opus-4-7, provider: own }", "nobody judges itself"],
    ["judge: { model: claude-haiku-4-5-20251001, provider: own }", "nobody judges itself"],
    ["judge: { model: claude-sonnet-4-6 }", "wanted a provider with an apiKey"],
    ["judge: { model: claude-sonnet-4-6, provider: owm }", 'Did you mean "own"?'],
    ["judge: { model: claude-sonnet-4-6, provider: own, maxConcurrent: 0 }", "from 1 to 100"],
  ])("%s is refused", (line, sentence) => {
    const result = load(line);
    expect(result.ok ? "" : formatProblems(result.problem)).toContain(sentence);
  });
});
