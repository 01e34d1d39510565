import { afterEach, expect, test } from "vitest";
import { takeSample } from "../../src/reports/tune/tuning-sample.ts";
import { ask, call } from "../harness/call.ts";
import { NO_SAMPLING, openStack, type Stack } from "../harness/open-stack.ts";

let stack: Stack;
afterEach(async () => {
  await stack.close();
});

test("a label on a shipped answer that nobody drew is shown, and stays outside of every bound", async () => {
  stack = await openStack({ route: { sampling: NO_SAMPLING } });
  const verdict = encodeURIComponent('{"confidence":0.9,"answer":"a"}');
  const response = await call(stack.url, {
    body: ask("Hi"),
    headers: { "x-simulate": `triage:text=${verdict}` },
  });
  expect(response.headers["x-leadsman-decision"]).toBe("shipped");
  const id = String(response.headers["x-leadsman-id"]);
  await stack.record(id);
  const { ledger } = stack.open;
  expect(await ledger.evidenceOf(id)).toEqual([]);

  const path = "/_leadsman/api/v1/labels";
  const body = { labels: [{ request_id: id, correct: false, grader: "support-desk" }] };
  for (const status of ["accepted", "known"]) {
    const answer = await call(stack.url, { path, body });
    expect(JSON.parse(answer.body.toString())).toMatchObject({ labels: [{ status, tier: 0 }] });
  }
  expect(await ledger.evidenceOf(id)).toMatchObject([
    { decision: "shipped", propensity: null, confidence: 0.9, cheap: { label: "wrong" } },
  ]);
  const shown = await call(stack.url, { method: "GET", path: `/_leadsman/api/v1/evidence/${id}` });
  expect(JSON.parse(shown.body.toString())).toMatchObject({
    evidence: [{ propensity: null }],
    grades: [{ grader: "support-desk", outcome: "wrong" }],
  });
  const { cells, leftOut } = takeSample(
    { counts: await ledger.evidenceCounts({}), clustered: [], liveRanges: new Map() },
    { target: "joint" },
  );
  expect(cells).toEqual([]);
  expect(leftOut).toMatchObject([{ reason: "unknown_propensity", items: 1 }]);
});
