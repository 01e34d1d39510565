import { expect, test } from "vitest";
import { readTraceParent, writeTraceParent } from "./trace-parent.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const SPAN = "b7ad6b7169203331";

test.each([
  [`00-${TRACE}-${SPAN}-01`, 1],
  [`00-${TRACE}-${SPAN}-00`, 0],
  [`00-${TRACE}-${SPAN}-ff`, 1],
  [`cc-${TRACE}-${SPAN}-01-what-the-future-brings`, 1],
])("%s is read", (header, flags) => {
  expect(readTraceParent(header)).toEqual({ traceId: TRACE, spanId: SPAN, flags });
});

test.each([
  undefined,
  "",
  `ff-${TRACE}-${SPAN}-01`,
  `00-${"0".repeat(32)}-${SPAN}-01`,
  `00-${TRACE}-${"0".repeat(16)}-01`,
  `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  `00-${TRACE}-${SPAN}`,
  `00-${TRACE}-${SPAN}-01x`,
  ` 00-${TRACE}-${SPAN}-01`,
])("%j is none", (header) => {
  expect(readTraceParent(header)).toBeNull();
});

test("two headers of the name are none", () => {
  expect(readTraceParent([`00-${TRACE}-${SPAN}-01`, `00-${TRACE}-${SPAN}-01`])).toBeNull();
});

test("what was read is written again", () => {
  const header = `00-${TRACE}-${SPAN}-01`;
  const parent = readTraceParent(header);
  expect(parent === null ? null : writeTraceParent(parent)).toBe(header);
});
