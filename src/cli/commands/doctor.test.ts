import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSimulation, type SimulatedServer } from "../../compose/open-simulation.ts";
import { createFakeFolder, type FakeFolder } from "../fake-run.fixture.ts";

const simulation = {
  host: "127.0.0.1",
  port: 0,
  seed: "doctor",
  calibration: "calibrated",
  timeScale: 0,
  fault: null,
  faultShare: 1,
} as const;

let upstream: SimulatedServer;
let folder: FakeFolder;
beforeAll(async () => {
  upstream = await openSimulation(simulation);
  const providers = { anthropic: { baseUrl: upstream.url } };
  folder = createFakeFolder({ server: { port: 0 }, providers });
});
afterAll(async () => {
  folder.remove();
  await upstream.close();
});

const variables = { ANTHROPIC_API_KEY: "sk-secret-key" };

test("all is well, without a call to anybody and without a ledger being made", async () => {
  const run = await folder.run(["doctor"], { variables });
  expect(run.exitCode).toBe(0);
  expect(run.out).toMatch(/✓ ok +ledger +.*made by the first `leadsman up`/);
  expect(run.out).toContain("nothing leaves this machine but calls to " + upstream.url);
  expect(run.out).not.toContain("sk-secret-key");
  expect(run.notes).toMatch(/^All \d+ will work\./);
  expect(upstream.calls()).toEqual([]);
});

test("--live says what it costs, then calls each tier once with the client's key", async () => {
  const run = await folder.run(["doctor", "--live"], { variables });
  expect(run.exitCode).toBe(0);
  expect(run.notes).toMatch(
    /^Making 2 tiny real calls \(claude-haiku-4-5, claude-opus-4-7\) for at most \$0\.00042 in all/,
  );
  expect(run.out).toMatch(/live claude-haiku-4-5 +answered in/);
  expect(upstream.calls().map(({ model, headers }) => [model, headers["x-api-key"]])).toEqual([
    ["claude-haiku-4-5", "sk-secret-key"],
    ["claude-opus-4-7", "sk-secret-key"],
  ]);
});

test("--live without a key calls nobody and says what to set", async () => {
  const before = upstream.calls().length;
  const run = await folder.run(["doctor", "--live"]);
  expect(run.exitCode).toBe(1);
  expect(run.out).toMatch(/✗ fail +live claude-haiku-4-5[^]*→ Set ANTHROPIC_API_KEY/);
  expect(upstream.calls()).toHaveLength(before);
});

test("--live passes on what upstream says when it refuses", async () => {
  const refusing = await openSimulation({ ...simulation, fault: "status=401" });
  const providers = { anthropic: { baseUrl: refusing.url } };
  const own = createFakeFolder({ server: { port: 0 }, providers });
  const run = await own.run(["doctor", "--live"], { variables });
  expect(run.exitCode).toBe(1);
  expect(run.out).toMatch(/✗ fail +live claude-opus-4-7 +status 401[^]*→ See whether the key/);
  own.remove();
  await refusing.close();
});

test("a broken configuration is the first thing to mend", async () => {
  writeFileSync(join(folder.path, "broken.yaml"), "version: 1\nsever: {}\n");
  const run = await folder.run(["doctor", "--config", "broken.yaml", "--json"]);
  expect(run.exitCode).toBe(1);
  expect(JSON.parse(run.out)).toMatchObject({
    isFine: false,
    checks: [{ subject: "node" }, { subject: "sqlite" }, { subject: "config", state: "fail" }],
  });
});

test("a port of another program is told from one of a gateway", async () => {
  const reports: string[] = [];
  for (const body of ["hello", JSON.stringify({ status: "ready", reasons: [] })]) {
    const server = createServer((_request, response) => response.end(body));
    const port = await listen(server);
    const busy = createFakeFolder({ server: { port } });
    const { exitCode, out } = await busy.run(["doctor", "--json"]);
    const report: { checks: { subject: string; found: string }[] } = JSON.parse(out);
    const check = report.checks.find(({ subject }) => subject === "port");
    reports.push(`${exitCode} ${String(check?.found.replace(`127.0.0.1:${port}`, "it"))}`);
    busy.remove();
    server.close();
  }
  expect(reports).toEqual(["1 it is taken by another program", "0 a gateway is at work on it"]);
});

test("a ledger that is none is a failure with its reason", async () => {
  writeFileSync(join(folder.path, "ledger.db"), "this is no database, however long it may be");
  const run = await folder.run(["doctor"], { variables });
  expect(run.exitCode).toBe(1);
  expect(run.out).toMatch(/✗ fail +ledger +Cannot open ledger/);
});

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}
