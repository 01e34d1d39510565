import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createFakeFolder, type FakeFolder } from "../fake-run.fixture.ts";

let folder: FakeFolder;
beforeAll(() => {
  folder = createFakeFolder({
    routes: [
      {
        name: "support",
        match: { model: "claude-opus-*" },
        tiers: ["claude-haiku-4-5", "claude-opus-4-7"],
        mode: "live",
        sampling: { control: "0%" },
      },
      { name: "mail", tiers: ["claude-haiku-4-5", "requested"], mode: { canary: "5%" } },
      { name: "idle", tiers: ["claude-haiku-4-5", "claude-opus-4-7"], mode: "off" },
    ],
  });
});
afterAll(() => {
  folder.remove();
});

test("says route, mode, eligibility, plan and tiers", async () => {
  const { out, exitCode } = await folder.run(["try", "What is the capital of France?"]);
  expect(exitCode).toBe(0);
  expect(`\n${out}`).toMatchInlineSnapshot(`
    "
      route   support, for requests of claude-opus-4-7
      mode    live (uncertified)
      triage  eligible
      so      claude-haiku-4-5 is asked first; from confidence 0.80 its answer ships

      tier 0  claude-haiku-4-5 at anthropic, ships from confidence 0.80
              plus the verdict instruction and format

      tier 1  claude-opus-4-7 at anthropic, answers whatever reaches it
              the client's own bytes

      Nothing was sent. --explain shows the bodies and the draws.
    "
  `);
});

test("lists the edits of a tier, and why a request is not triaged", async () => {
  writeFileSync(
    join(folder.path, "body.json"),
    JSON.stringify({
      model: "leadsman/support",
      max_tokens: 100,
      temperature: 0.5,
      messages: [
        { role: "user", content: "Weather?" },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "sun" }] },
      ],
    }),
  );
  const { out } = await folder.run(["try", "--body", "body.json"]);
  expect(`\n${out}`).toMatchInlineSnapshot(`
    "
      route   support, for requests of leadsman/support
      mode    live (uncertified)
      triage  not eligible: tool_result (claude-haiku-4-5 is not asked)
      so      claude-opus-4-7 answers at once

      tier 0  claude-haiku-4-5 at anthropic, not asked

      tier 1  claude-opus-4-7 at anthropic, answers whatever reaches it
              set model: The route's last tier is claude-opus-4-7.
              (an escalation would also remove temperature: claude-opus-4-7 accepts no temperature of the caller's choice.)

      Nothing was sent. --explain shows the bodies and the draws.
    "
  `);
});

test.each([
  [["--model", "gpt-5"], 0, /No route is for gpt-5, so the request would pass through/],
  [["--model", "leadsman/nobody"], 1, /The client would get status 404: .*names no route/],
  [["--route", "idle"], 0, /not eligible: route_off/],
  [["--route", "mail"], 0, /mode {4}canary 5% \(uncertified\)/],
])("try %j", async (options, exitCode, text) => {
  const run = await folder.run(["try", "Hello", ...options]);
  expect(run).toEqual({ exitCode, notes: "", out: expect.stringMatching(text) });
});

test("--explain adds bodies and draws", async () => {
  const { out } = await folder.run(["try", "Hello", "--explain", "--route", "mail"]);
  expect(out).toContain('"type": "json_schema"');
  expect(out).toMatch(/draws\n {10}canary 5%, by user or body: (not )?chosen/);
});

test("--json has the bodies that would be sent, as JSON", async () => {
  const { out } = await folder.run(["try", "Hello", "--json"]);
  const explanation: unknown = JSON.parse(out);
  expect(explanation).toMatchObject({
    requestedModel: "claude-opus-4-7",
    selection: { kind: "route", isVirtual: false, route: { route: { name: "support" } } },
    plan: { mode: "live", action: { kind: "climb" } },
    bypassReason: null,
    tiers: [
      {
        role: "triage",
        model: "claude-haiku-4-5",
        threshold: 0.8,
        body: { model: "claude-haiku-4-5", stream: true, max_tokens: 1_088 },
      },
      {
        role: "answer",
        threshold: null,
        edits: [],
        body: { messages: [{ role: "user", content: "Hello" }] },
      },
    ],
  });
});

test("the threshold and mode are those in force", async () => {
  await folder.run(["mode", "support", "canary", "5%", "--reason", "trial"]);
  const { out } = await folder.run(["try", "Hello"]);
  expect(out).toContain("canary 5%");
  await folder.run(["mode", "support", "live", "--reason", "trial is over"]);
});

test("a body that upstream would refuse is a usage error", async () => {
  writeFileSync(join(folder.path, "bad.json"), `{"model":"claude-opus-4-7","messages":[]}`);
  const run = await folder.run(["try", "--body", "bad.json"]);
  expect(run).toMatchObject({ exitCode: 2, notes: expect.stringContaining("max_tokens") });
});

test("trying does not make a ledger", async () => {
  const fresh = createFakeFolder({});
  await fresh.run(["try", "Hello"]);
  expect(existsSync(join(fresh.path, "ledger.db"))).toBe(false);
  fresh.remove();
});
