import { afterAll, beforeAll, expect, test } from "vitest";
import { createFakeFolder, type FakeFolder } from "../fake-run.fixture.ts";

const tiers = ["claude-haiku-4-5", "claude-opus-4-7"];

let folder: FakeFolder;
beforeAll(() => {
  folder = createFakeFolder({
    routes: [
      { name: "support", tiers, mode: "live" },
      { name: "strict", tiers, mode: "shadow", requireCertificate: true },
    ],
  });
});
afterAll(() => {
  folder.remove();
});

test("says before and after, each change from where the last one left it", async () => {
  const orders = [["off"], ["canary", "5%"], ["canary 12.5%"], ["shadow"], ["live"]];
  const said: string[] = [];
  for (const words of orders) {
    said.push((await folder.run(["mode", "support", ...words, "--reason", "a trial"])).out.trim());
  }
  expect(said).toEqual([
    "support: live → off",
    "support: off → canary 5%",
    "support: canary 5% → canary 12.5%",
    "support: canary 12.5% → shadow",
    "support: shadow → live",
  ]);
});

test("tells when a running gateway takes it over", async () => {
  const { notes } = await folder.run(["mode", "support", "live", "--reason", "again"]);
  expect(notes).toBe("A running gateway takes this over within 2 seconds.\n");
});

test("a route that waits for a certificate says so", async () => {
  const { notes } = await folder.run(["mode", "strict", "live", "--reason", "hope"]);
  expect(notes).toContain("strict wants a certificate and has none, so it stays in shadow");
});

test("--json is the audit's entry", async () => {
  const { out } = await folder.run(["mode", "strict", "off", "--reason", " noise ", "--json"]);
  const entry: unknown = JSON.parse(out);
  expect(entry).toEqual({
    id: expect.stringMatching(/^mode_/),
    route: "strict",
    mode: "off",
    before: "live",
    configuredMode: "shadow",
    reason: "noise",
    by: "operator",
    createdAtMs: expect.any(Number),
    isHeldInShadow: false,
  });
});
