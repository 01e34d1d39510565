import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { formatUsd } from "../../src/reports/format-usd.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const BIN = fileURLToPath(new URL("../../bin/leadsman.js", import.meta.url));
const PRELOAD = new URL("./note-connections.ts", import.meta.url).href;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leadsman-demo-test-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const TRAFFIC = ["--requests", "60", "--seed", "test"];

describe("leadsman demo", () => {
  test("ends by itself, says what the ledger says, and stays on this machine", async () => {
    const connections = join(folder, "connections.txt");
    const startedMs = performance.now();
    const [demo, asJson] = await Promise.all([
      run(["demo", ...TRAFFIC, "--keep"], {
        NODE_OPTIONS: `--import=${PRELOAD}`,
        CONNECTIONS_FILE: connections,
        CI: "true",
      }),
      run(["demo", ...TRAFFIC, "--json"]),
    ]);
    expect(performance.now() - startedMs).toBeLessThan(30_000);

    expect(demo.exitCode, demo.stderr).toBe(0);
    // Neither colours nor moving lines without a terminal.
    expect(demo.stdout + demo.stderr).not.toContain("\u001B");
    expect(demo.stderr).toContain("30 of 60 requests");
    expect(demo.stderr).toContain("npx leadsman up");
    expect(demo.stdout).toContain("SIMULATED");
    const addresses = readFileSync(connections, "utf8").trim().split("\n");
    expect([...new Set(addresses)]).toEqual(["127.0.0.1"]);

    const ledger = await readKeptLedger(demo.stderr);
    expect(ledger).toMatchObject({ report: "status", isSimulated: true, total: { requests: 60 } });
    expect(decisionsIn(demo.stdout)).toEqual(decisionsOf(ledger.total));
    expect(demo.stdout).toContain(formatUsd(BigInt(ledger.total.costPerRequestNanoUsd)));
    expect(demo.stdout).toContain(formatUsd(BigInt(ledger.total.costNanoUsd)));
    expect(demo.stdout).toContain(formatUsd(BigInt(ledger.total.allDeep.allDeepNanoUsd)));

    expect(asJson.exitCode, asJson.stderr).toBe(0);
    const report: DemoJson = JSON.parse(asJson.stdout);
    expect(report).toMatchObject({
      report: "demo",
      version: 1,
      outcome: { sent: 60, failed: 0, firstFailure: null },
      receipt: { request: { decision: "escalated", reason: "low_confidence" } },
    });
    // Equal seeds, equal decisions.
    expect(decisionsOf(report.status.total)).toEqual(decisionsOf(ledger.total));
    expect(new URL(report.upstreamUrl).hostname).toBe("127.0.0.1");
    expect(existsSync(report.configPath)).toBe(false);
  });

  test("refuses what cannot be meant", async () => {
    const { exitCode, stderr } = await run(["demo", "--requests", "many"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("a whole number from 1");
  });
});

interface TotalJson {
  readonly requests: number;
  readonly decisions: readonly { readonly decision: string; readonly requests: number }[];
  readonly costNanoUsd: string;
  readonly costPerRequestNanoUsd: string;
  readonly allDeep: { readonly allDeepNanoUsd: string };
}

interface DemoJson {
  readonly status: { readonly total: TotalJson };
  readonly upstreamUrl: string;
  readonly configPath: string;
}

/** What another process reads from the ledger that a demonstration left behind. */
async function readKeptLedger(notes: string): Promise<{ readonly total: TotalJson }> {
  const kept = /Kept in (\S+)/.exec(notes)?.[1] ?? "";
  try {
    const config = join(kept, "leadsman.yaml");
    const { exitCode, stdout, stderr } = await run(["--config", config, "--json", "status"]);
    expect(exitCode, stderr).toBe(0);
    const report: { readonly total: TotalJson } = JSON.parse(stdout);
    return report;
  } finally {
    rmSync(kept, { recursive: true, force: true });
  }
}

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, ...args], { env: { ...process.env, ...env } });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}

/** How many requests the table of decisions names for each decision. */
function decisionsIn(text: string): Readonly<Record<string, number>> {
  const rows = text.matchAll(/^ {2}[✓▲→◇] (\w+) +(\d+) +[\d.]+ % +≈?\$/gm);
  return Object.fromEntries(
    [...rows].map(([, decision, count]): [string, number] => [decision ?? "", Number(count)]),
  );
}

function decisionsOf({ decisions }: TotalJson): Readonly<Record<string, number>> {
  return Object.fromEntries(decisions.map(({ decision, requests }) => [decision, requests]));
}
