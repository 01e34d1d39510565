import { describe, expect, test } from "vitest";
import { formatProblems } from "./config-problem.ts";
import type { LoadedConfig } from "./load-config.ts";
import { loadText } from "./sample-config.fixture.ts";
import { writeSettings } from "./write-settings.ts";

function load(lines: string): ReturnType<typeof loadText> {
  return loadText(`version: 1
providers:
  anthropic: { apiKey: sk-own }
  client: { auth: passthrough }
  trial: { kind: simulated }
routes:
  - name: one
    tiers: [claude-haiku-4-5, claude-opus-4-7]
    ${lines}
`);
}

function loaded(lines: string): LoadedConfig {
  const result = load(lines);
  if (!result.ok) throw new Error(formatProblems(result.problem));
  return result.value;
}

describe("candidates", () => {
  test("are names or objects, and are tried on a small share", () => {
    const { config } = loaded("candidates: [claude-sonnet-4-6, { model: mine, provider: trial }]");
    expect(config.routes[0]).toMatchObject({
      candidates: [
        { model: "claude-sonnet-4-6", provider: "anthropic" },
        { model: "mine", provider: "trial" },
      ],
      sampling: { candidate: 0.05 },
    });
    const again = loadText(JSON.stringify(writeSettings(config)));
    expect(again).toMatchObject({ ok: true, value: { config } });
  });

  test.each(["", "candidates: []", "sampling: { candidate: 50% }"])(
    "with %j a route is what it was before there were any",
    (line) => {
      const [route] = loaded(line).config.routes;
      expect(Object.keys(route ?? {})).not.toContain("candidates");
      expect(Object.keys(route?.sampling ?? {})).not.toContain("candidate");
    },
  );

  test("show where they were set", () => {
    const { provenance } = loaded("candidates: [claude-sonnet-4-6]");
    const shown = provenance.filter(({ path }) => path.includes("candidate"));
    expect(shown.map(({ path, shown: value, from }) => [path, value, from])).toEqual([
      ["routes[0].candidates[0].model", "claude-sonnet-4-6", "leadsman.yaml:9"],
      ["routes[0].candidates[0].provider", "anthropic", "default"],
      ["routes[0].sampling.candidate", "5%", "default"],
    ]);
  });

  test.each([
    ["candidates: [claude-opus-4-7]", "is claude-opus-4-7, which is one of the route's tiers"],
    ["candidates: [claude-haiku-4-5-20251001]", "which is one of the route's tiers already"],
    ["candidates: [requested]", "routes[0].candidates[0] is `requested`: wanted the name"],
    ["candidates: [x, x]", "routes[0].candidates[1] is x, as an earlier candidate already is"],
    ["candidates: [a, b, c, d, e]", "must be a list of 0 to 4 models, but is a list of 5"],
    ["candidates: [x]\n    bodies: none", "routes[0].bodies is none, but the route has candidates"],
    ["candidates: [x]\n    judge: { model: x }", "is x, the route's judge: nobody judges itself"],
    ["candidates: [{ model: x, provider: client }]", "wanted a provider with an apiKey"],
    ["candidates: [{ model: x, provider: clinet }]", 'Did you mean "client"?'],
    ["candidates: [{ model: x, threshold: 0.5 }]", "threshold is not a setting"],
  ])("%s is refused", (line, sentence) => {
    const result = load(line);
    expect(result.ok ? "" : formatProblems(result.problem)).toContain(sentence);
  });
});
