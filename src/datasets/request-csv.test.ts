import { expect, test } from "vitest";
import { exampleAttempt, exampleRecord } from "../cascade/examples.fixture.ts";
import type { ExportedRequest } from "./export-requests.ts";
import { requestCsvHeading, requestCsvLine } from "./request-csv.ts";

function exported(changes: Partial<ExportedRequest> = {}): ExportedRequest {
  return { ...exampleRecord(), pair: null, bodies: null, ...changes };
}

function cells(request: ExportedRequest): Readonly<Record<string, string | undefined>> {
  const names = requestCsvHeading().split(",");
  const found: Record<string, string> = {};
  for (const [index, cell] of requestCsvLine(request).split(",").entries()) {
    found[names[index] ?? ""] = cell;
  }
  return found;
}

test("a line has a cell for every word of the heading", () => {
  expect(requestCsvLine(exported()).split(",")).toHaveLength(requestCsvHeading().split(",").length);
});

test("costs and tokens are sums over the attempts, times in UTC", () => {
  const attempts = [exampleAttempt(), exampleAttempt({ index: 1, isEstimated: true })];
  expect(cells(exported({ attempts, latencyMs: 1.000_4999 }))).toMatchObject({
    started_at: "2026-11-23T00:00:00.000Z",
    attempts: "2",
    cost_nano_usd: "3000000",
    input_tokens: "2000",
    is_estimated: "true",
    latency_ms: "1",
  });
});

test("one unpriced attempt leaves the cost empty, as a part is not the sum", () => {
  const attempts = [exampleAttempt(), exampleAttempt({ index: 1, costNanoUsd: null })];
  expect(cells(exported({ attempts }))["cost_nano_usd"]).toBe("");
});

test.each([
  ['say "hi", twice', '"say ""hi"", twice"'],
  ["two\nlines", '"two\nlines"'],
  ["=HYPERLINK(1)", "'=HYPERLINK(1)"],
  ["-1+1", "'-1+1"],
])("the text %o becomes %o", (task, cell) => {
  expect(requestCsvLine(exported({ task }))).toContain(`,${cell},`);
});
