import { afterEach, expect, test } from "vitest";
import type { Alert } from "../../src/ledger/records/alert.ts";
import type { WatchStanding } from "../../src/watch/describe-watch.ts";
import { ask, call } from "../harness/call.ts";
import { driveRouter } from "../harness/drive-router.ts";
import { NO_SAMPLING, openStack, type Stack } from "../harness/open-stack.ts";

let stack: Stack;
afterEach(async () => {
  await stack.close();
});

const AT_ONCE = 50;
const CONFIDENCES = [0.8, 0.85, 0.9, 0.95] as const;
/** Of the cheap model, by the position of the request. A fourth of all states 0.8. */
type IsWrong = (i: number) => boolean;
const TWO_PERCENT: IsWrong = (i) => i % 50 === 49;
/** A third of what states 0.8, and 2 % of the rest: 10 % of all. */
const TEN_PERCENT: IsWrong = (i) => (i % 4 === 0 ? i % 12 === 0 : i % 50 === 49);

interface Answered {
  readonly id: string;
  readonly isWrong: boolean;
}

/** What the audit holds of a move. */
interface LoweringAudit {
  readonly certifies: boolean;
  readonly model: string;
  readonly move: { readonly evidence: Readonly<Record<string, number>> };
}

let asked = 0;

/** Requests over HTTP, or straight to the router, with the answers' truth. */
async function serve(
  count: number,
  isWrong: IsWrong,
  by: "http" | "router" = "http",
): Promise<readonly Answered[]> {
  const answered: Answered[] = [];
  const one = async (i: number): Promise<void> => {
    asked += 1;
    const prompt = `Question ${String(asked)}`;
    const verdict = { confidence: CONFIDENCES[i % CONFIDENCES.length], answer: "a" };
    const headers = { "x-simulate": `triage:text=${encodeURIComponent(JSON.stringify(verdict))}` };
    const id = `req_driven_${String(asked)}`;
    const head =
      by === "router"
        ? await driveRouter(stack.open, { id, prompt, headers })
        : (await call(stack.url, { body: ask(prompt), headers })).headers;
    answered[i] = { id: String(head["x-leadsman-id"]), isWrong: isWrong(i) };
  };
  for (let from = 0; from < count; from += AT_ONCE) {
    const size = Math.min(AT_ONCE, count - from);
    await Promise.all(Array.from({ length: size }, (_, i) => one(from + i)));
  }
  await stack.settled();
  return answered;
}

/** People judge the cheap answer, shipped or a near miss. */
async function label(answered: readonly Answered[]): Promise<void> {
  for (let from = 0; from < answered.length; from += 100) {
    const labels = answered.slice(from, from + 100).map(({ id, isWrong }) => ({
      request_id: id,
      correct: !isWrong,
      grader: "desk",
      tier: "cheap",
    }));
    const { body } = await call(stack.url, { path: "/_leadsman/api/v1/labels", body: { labels } });
    expect(JSON.parse(body.toString())).toMatchObject({ accepted: labels.length });
  }
  await stack.open.watch.tick();
  // The look of this second may have begun before the labels came.
  await stack.open.watch.tick();
}

async function standing(): Promise<WatchStanding> {
  const path = "/_leadsman/api/v1/watch?route=support";
  return JSON.parse(
    (await call(stack.url, { path, method: "GET" })).body.toString(),
  ) as WatchStanding;
}

const openAlerts = (): Promise<readonly Alert[]> => stack.open.ledger.alerts({ isOpen: true }, 100);
const versions = () => stack.open.ledger.thresholdVersions("support");
const thresholdInForce = async (): Promise<number | null | undefined> => {
  await stack.open.routes.refresh();
  return stack.open.routes.current()[0]?.route.tiers[0]?.threshold;
};

test("a model that degrades is stopped, its recovery is told, and 10,000 requests later the threshold comes down by proof", async () => {
  stack = await openStack({
    route: {
      sampling: { ...NO_SAMPLING, grade: "100%", band: "100%" },
      watch: { lower: "auto" },
      // What states 0.8 escalates for a while: no storm.
      storm: { rate: "60%" },
    },
  });
  await label(await serve(300, TWO_PERCENT));
  expect(await openAlerts()).toEqual([]);

  for (let round = 0; round < 20 && (await versions()).length === 0; round += 1) {
    await label(await serve(60, TEN_PERCENT));
  }
  expect(await versions()).toMatchObject([{ threshold: 0.85, by: "watch" }]);
  expect(await openAlerts()).toMatchObject([
    { rule: "false_confident", facts: { from: 0.8, to: 0.85 } },
  ]);
  expect(await thresholdInForce()).toBe(0.85);

  for (let round = 0; round < 4; round += 1) await label(await serve(500, TWO_PERCENT, "router"));
  expect(await openAlerts()).toEqual([]);
  const [early] = (await standing()).tiers;
  expect(early?.next).toMatchObject({ rung: 0.8, requestsToWait: 8_000 });
  // Near misses are among what speaks for it: it is more than what shipped.
  expect(early?.next?.graded).toBeGreaterThan(early?.graded ?? Infinity);
  // The proof is there, and waits.
  expect(early?.next?.logEvidence).toBeGreaterThan(early?.next?.logNeeded ?? Infinity);

  await serve(7_895, TWO_PERCENT, "router");
  await label(await serve(4, TWO_PERCENT));
  expect((await standing()).tiers[0]?.next).toMatchObject({ requestsToWait: 101 });
  expect(await versions()).toHaveLength(1);
  await serve(97, TWO_PERCENT);
  await label(await serve(4, TWO_PERCENT));

  const [lowered, ...earlier] = await versions();
  expect(earlier).toHaveLength(1);
  expect(lowered).toMatchObject({ by: "watch", tier: 0, threshold: 0.8, configuredThreshold: 0.8 });
  expect(lowered?.reason).toMatch(
    /^proved safe by \d+ graded answers \(ln of the evidence \d+\.\d\d\)$/,
  );
  const { certifies, move, model } = JSON.parse(lowered?.certificate ?? "") as LoweringAudit;
  expect({ certifies, model }).toEqual({ certifies: false, model: "claude-haiku-4-5-20251001" });
  expect(move).toMatchObject({ direction: "lower", from: 0.85, to: 0.8, isApplied: true });
  expect(move.evidence).toMatchObject({ atMost: 0.05, nth: 1, failureProbability: 0.025 });
  expect(move.evidence["graded"]).toBeGreaterThan(2_000);
  expect(move.evidence["logEvidence"]).toBeGreaterThan(Math.log(1 / 0.025));

  expect(await thresholdInForce()).toBe(0.8);
  expect(await openAlerts()).toEqual([]);
  const told = await stack.open.ledger.alerts({}, 100);
  expect(new Set(told.map(({ rule }) => rule))).toEqual(new Set(["false_confident"]));
  expect((await standing()).tiers[0]).toMatchObject({ rung: 0.8 });
}, 240_000);
