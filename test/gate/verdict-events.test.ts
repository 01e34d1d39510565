import { expect, test } from "vitest";
import { ask, call } from "../harness/call.ts";
import { openStack } from "../harness/open-stack.ts";
import { startOtlpReceiver } from "../harness/otlp-receiver.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";
const SERVER = 2;

test("a verdict is an event in the trace of its answer, and says neither who nor why", async () => {
  const collector = await startOtlpReceiver();
  const sampling = { shadow: "0%", grade: "100%", control: "0%", band: "0%" };
  const traces = { endpoint: collector.url };
  const open = await openStack({ route: { sampling }, telemetry: { traces } });
  const headers = { traceparent: `00-${TRACE}-${PARENT}-01` };
  const answers = [
    await call(open.url, { body: ask("One?"), headers }),
    await call(open.url, { body: ask("Two?") }),
  ];
  const ids = answers.map((answer) => String(answer.headers["x-leadsman-id"]));
  const said = { grader: "ann@example.com", note: "She was rude" };
  const labels = ids.map((id, index) => ({ request_id: id, correct: index === 0, ...said }));
  const path = "/_leadsman/api/v1/labels";
  expect((await call(open.url, { path, body: { labels } })).status).toBe(200);
  await open.close();
  await collector.close();

  const servers = collector.spans.filter(({ kind }) => kind === SERVER);
  const evaluations = ids.map((id) => {
    const ofRequest = collector.spans.filter(
      ({ name, attributes }) => name === "evaluate" && attributes["leadsman.request.id"] === id,
    );
    expect(ofRequest).toHaveLength(1);
    const [span] = ofRequest;
    const server = servers.find(({ attributes }) => attributes["leadsman.request.id"] === id);
    expect([span?.traceId, span?.parentSpanId]).toEqual([server?.traceId, server?.spanId]);
    expect(span?.endMs).toBe(span?.startMs);
    return span?.events;
  });
  const event = (label: string, score: number): unknown => ({
    name: "gen_ai.evaluation.result",
    attributes: {
      "gen_ai.evaluation.name": "correctness",
      "gen_ai.evaluation.score.label": label,
      "gen_ai.evaluation.score.value": score,
      "leadsman.grader": "label",
    },
  });
  expect(evaluations).toEqual([[event("right", 1)], [event("wrong", 0)]]);
  for (const secret of ["ann@", "rude"]) expect(collector.text()).not.toContain(secret);
});
