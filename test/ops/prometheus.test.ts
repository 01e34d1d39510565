import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, call } from "../harness/call.ts";
import { findProgram } from "../harness/find-program.ts";
import { openStack, type Stack } from "../harness/open-stack.ts";

/** What the files in `ops/` are worth is only known by the programs that they are for. */
const promtool = findProgram("promtool");
const prometheus = findProgram("prometheus");
const OPS = join(import.meta.dirname, "../../ops/prometheus");

if (promtool === null || prometheus === null) {
  console.warn("No promtool and prometheus on the path (Debian: prometheus), so none was asked.");
}

describe.skipIf(promtool === null)("promtool", () => {
  const run = (args: readonly string[], input = ""): string =>
    execFileSync(promtool ?? "", args, { cwd: OPS, input, encoding: "utf8", stdio: "pipe" });

  test("finds nothing wrong with the rules", () => {
    expect(run(["check", "rules", "--lint-fatal", "leadsman-rules.yaml"])).toContain("SUCCESS");
  });

  test("sees them fire when they should and only then", () => {
    expect(run(["test", "rules", "leadsman-rules.test.yaml"])).toContain("SUCCESS");
  });

  test("reads the scrape of a gateway and objects to nothing of ours", async () => {
    const stack = await openStack();
    await call(stack.url, { body: ask("Hello?") });
    const response = await call(stack.url, { path: "/metrics", method: "GET" });
    const objections = checkMetrics(response.body.toString("utf8"));
    await stack.close();
    // The library's own names of heap spaces and versions are not ours to change.
    expect(objections.filter((line) => !/_(nodejs|process)_/.test(line))).toEqual([]);
  });
});

/** Lines that promtool says of a scrape; it ends with 3 where it has any. */
function checkMetrics(text: string): readonly string[] {
  try {
    execFileSync(promtool ?? "", ["check", "metrics"], { input: text, stdio: "pipe" });
    return [];
  } catch (error) {
    const output = error instanceof Error && "stderr" in error ? String(error.stderr) : "";
    const lines = output.split("\n").filter((line) => line !== "");
    if (lines.length === 0) throw error;
    return lines;
  }
}

describe.skipIf(prometheus === null)("a real Prometheus", () => {
  let stack: Stack;
  let folder: string;
  let child: ChildProcess;
  let url: string;

  beforeAll(async () => {
    stack = await openStack({ telemetry: { metrics: { token: "look-only" } } });
    for (let index = 0; index < 5; index += 1) {
      await call(stack.url, { body: ask(`Number ${String(index)}?`) });
    }
    folder = mkdtempSync(join(tmpdir(), "leadsman-prometheus-"));
    const config = {
      global: { scrape_interval: "1s", evaluation_interval: "1s" },
      rule_files: [join(OPS, "leadsman-rules.yaml")],
      scrape_configs: [
        {
          job_name: "leadsman",
          authorization: { credentials: "look-only" },
          static_configs: [{ targets: [new URL(stack.url).host] }],
        },
      ],
    };
    // YAML reads JSON.
    writeFileSync(join(folder, "prometheus.yaml"), JSON.stringify(config));
    const log: string[] = [];
    child = spawn(prometheus ?? "", [
      `--config.file=${join(folder, "prometheus.yaml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      "--web.listen-address=127.0.0.1:0",
      "--log.format=json",
    ]);
    child.stderr?.on("data", (chunk: Buffer) => log.push(chunk.toString("utf8")));
    url = `http://${await listening(log)}`;
  }, 60_000);
  afterAll(async () => {
    child.kill("SIGKILL");
    await stack.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("scrapes a gateway with its token, and has what it counted", async () => {
    await until(async () => Number((await query('up{job="leadsman"}'))[0]) === 1);
    await until(async () => Number((await query("sum(leadsman_requests_total)"))[0]) === 5);
    expect(await query('sum by (route) (leadsman_threshold{route="support"})')).toHaveLength(1);
  });

  test("has loaded every rule, and each can be evaluated", async () => {
    const rules = readFileSync(join(OPS, "leadsman-rules.yaml"), "utf8").match(/- alert:/g) ?? [];
    await until(async () => {
      const found = await ruleHealth();
      return found.length === rules.length && found.every((health) => health === "ok");
    });
    expect(await ruleHealth()).toHaveLength(rules.length);
  });

  test("answers every query of the dashboard without an error", async () => {
    const dashboard = readFileSync(join(OPS, "../grafana/leadsman.json"), "utf8");
    const expressions = [...dashboard.matchAll(/"expr": ("(?:[^"\\]|\\.)*")/g)].map(([, text]) =>
      String(JSON.parse(text ?? '""'))
        .replaceAll("$__rate_interval", "1m")
        .replaceAll("$__range", "1h")
        .replaceAll("$route", ".*"),
    );
    expect(expressions.length).toBeGreaterThan(25);
    for (const expression of expressions) await query(expression);
  });

  async function query(expression: string): Promise<readonly string[]> {
    const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`);
    const answer = (await response.json()) as {
      readonly status: string;
      readonly error?: string;
      readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
    };
    if (answer.status !== "success") throw new Error(`${expression}: ${answer.error ?? "?"}`);
    return answer.data.result.map(({ value }) => value[1]);
  }
  async function ruleHealth(): Promise<readonly string[]> {
    const response = await fetch(`${url}/api/v1/rules`);
    const answer = (await response.json()) as {
      readonly data: {
        readonly groups: readonly { readonly rules: readonly { health: string }[] }[];
      };
    };
    return answer.data.groups.flatMap((group) => group.rules.map(({ health }) => health));
  }
});

/** Where it listens, once it says so with the port that it was given. */
async function listening(log: readonly string[]): Promise<string> {
  let found: string | undefined;
  await until(async () => {
    found = /"address":"(127\.0\.0\.1:[1-9]\d*)"/.exec(log.join(""))?.[1];
    return found !== undefined;
  });
  return found ?? "";
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + 30_000;
  while (!(await isSo().catch(() => false))) {
    if (performance.now() > endMs) throw new Error("Waited half a minute for nothing");
    await setTimeout(100);
  }
}
