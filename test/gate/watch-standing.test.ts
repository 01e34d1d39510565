import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Draw, RequestRecord } from "../../src/cascade/receipt.ts";
import { runCli } from "../cli/cli-process.ts";
import { ask, call } from "../harness/call.ts";
import {
  NO_SAMPLING,
  openStack,
  stackFile,
  type Stack,
  type StackOptions,
} from "../harness/open-stack.ts";

let stack: Stack;
afterEach(async () => {
  await stack.close();
});

const AT_ONCE = 20;
let asked = 0;

/** Requests that all ship; their records, oldest first. */
async function serve(
  count: number,
  confidence: (i: number) => number,
): Promise<readonly RequestRecord[]> {
  const records: RequestRecord[] = [];
  const one = async (i: number): Promise<void> => {
    asked += 1;
    const verdict = encodeURIComponent(JSON.stringify({ confidence: confidence(i), answer: "a" }));
    const headers = { "x-simulate": `triage:text=${verdict}` };
    const response = await call(stack.url, { body: ask(`Question ${String(asked)}`), headers });
    records.push(await stack.record(String(response.headers["x-leadsman-id"])));
  };
  for (let from = 0; from < count; from += AT_ONCE) {
    const size = Math.min(AT_ONCE, count - from);
    await Promise.all(Array.from({ length: size }, (_, i) => one(from + i)));
  }
  await stack.settled();
  return records;
}

async function label(
  records: readonly RequestRecord[],
  isWrong: (i: number) => boolean,
): Promise<void> {
  const labels = records.map(({ id }, i) => ({
    request_id: id,
    correct: !isWrong(i),
    grader: "desk",
  }));
  const path = "/_leadsman/api/v1/labels";
  for (let from = 0; from < labels.length; from += 100) {
    await call(stack.url, { path, body: { labels: labels.slice(from, from + 100) } });
  }
  await stack.open.watch.tick();
  // The look of this second may have begun before the labels came.
  await stack.open.watch.tick();
}

const gradeDraw = ({ draws }: RequestRecord): Draw | undefined =>
  draws.find(({ purpose }) => purpose === "grade");
const drawn = (records: readonly RequestRecord[]): readonly RequestRecord[] =>
  records.filter((record) => gradeDraw(record)?.isChosen === true);
const alwaysSure = (): number => 0.9;

test("while errors gather five times as many answers are drawn, under the chance that held, and no longer", async () => {
  stack = await openStack({
    route: { sampling: { ...NO_SAMPLING, grade: "15%", gradePerDay: 0 } },
  });
  const calm = { propensity: 0.15, least: 0.0375 };
  const denser = { propensity: 0.75, least: 0.1875 };
  const healthy = await serve(400, alwaysSure);
  for (const record of healthy) expect(gradeDraw(record)).toMatchObject(calm);
  // Five standard deviations around 60.
  expect(drawn(healthy).length).toBeGreaterThan(24);
  expect(drawn(healthy).length).toBeLessThan(96);
  await label(drawn(healthy), () => false);

  const isDenser = (): boolean => stack.open.watch.gradeFactor("support") === 5;
  for (let round = 0; round < 40 && !isDenser(); round += 1) {
    for (const one of drawn(await serve(20, alwaysSure))) {
      if (!isDenser()) await label([one], () => true);
    }
  }
  expect(isDenser()).toBe(true);
  const suspected = await serve(200, alwaysSure);
  for (const record of suspected) expect(gradeDraw(record)).toMatchObject(denser);
  // Five standard deviations around 150.
  expect(drawn(suspected).length).toBeGreaterThan(119);
  expect(drawn(suspected).length).toBeLessThan(181);

  // It was chance: what was drawn is right, and nobody was woken.
  await label(drawn(suspected), () => false);
  for (let round = 0; round < 20 && isDenser(); round += 1) {
    await label(drawn(await serve(100, alwaysSure)), () => false);
  }
  expect(isDenser()).toBe(false);
  for (const record of await serve(20, alwaysSure)) expect(gradeDraw(record)).toMatchObject(calm);
  expect(await stack.open.ledger.alerts({}, 10)).toEqual([]);
}, 60_000);

test("the API says of the watch what the command prints", async () => {
  const options: StackOptions = {
    route: { sampling: { ...NO_SAMPLING, grade: "100%", band: "20%" } },
  };
  stack = await openStack(options);
  const values = [0.8, 0.85, 0.9] as const;
  const confidence = (i: number): number => values[i % values.length] ?? 0.9;
  await label(await serve(60, confidence), (i) => i % 4 === 0);
  await label(drawn(await serve(30, confidence)), () => false);
  const path = "/_leadsman/api/v1/watch?route=support";
  const { status, body } = await call(stack.url, { path, method: "GET" });
  expect(status).toBe(200);
  const { route, ...said } = JSON.parse(body.toString()) as Record<string, unknown>;
  expect(route).toBe("support");
  expect(said).toMatchObject({
    tiers: [{ tier: 0, model: "claude-haiku-4-5-20251001", allowedWrong: 0.05 }],
    openAlerts: [{ rule: "false_confident", route: "support" }],
  });
  const slip = await call(stack.url, { path: path.replace("support", "supprt"), method: "GET" });
  expect([slip.status, JSON.parse(slip.body.toString())]).toMatchObject([
    404,
    {
      error: {
        type: "not_found_error",
        message: 'There is no route "supprt". Did you mean "support"? Routes: support.',
      },
    },
  ]);

  writeFileSync(
    join(stack.folder, "leadsman.yaml"),
    stackFile(stack.folder, stack.upstream.url, options),
  );
  const printed = await runCli(["status", "--json"], stack.folder);
  expect(printed).toMatchObject({ exitCode: 0 });
  const report = JSON.parse(printed.stdout) as {
    readonly routes: readonly {
      readonly route: string;
      readonly standing: { readonly watch: unknown };
    }[];
  };
  expect(report.routes.map((one) => [one.route, one.standing.watch])).toEqual([["support", said]]);

  for (const wrong of ["", "?route=support&more=1"]) {
    const refused = await call(stack.url, {
      path: `/_leadsman/api/v1/watch${wrong}`,
      method: "GET",
    });
    expect(refused.status).toBe(400);
  }
}, 60_000);
