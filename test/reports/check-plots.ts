import { expect } from "vitest";
import { dollarsText, type RouteJson, type TierJson } from "./expected-tables.ts";
import { axisOf, marksOf, reachesOf, type DrawnPlot } from "./read-plots.ts";

/** Values are read off with the two decimals of a pixel that they are drawn with. */
function expectNear(
  read: readonly (readonly number[])[],
  wanted: readonly (readonly number[])[],
  tolerance: number,
): void {
  expect(read.map((row) => row.length)).toEqual(wanted.map((row) => row.length));
  for (const [index, row] of wanted.entries()) {
    for (const [place, value] of row.entries()) {
      const found = read[index]?.[place] ?? Number.NaN;
      expect(Math.abs(found - value), `${found} for ${value}`).toBeLessThanOrEqual(tolerance);
    }
  }
}

interface Interval {
  readonly low: number;
  readonly high: number;
}

function ends(interval: Interval | null): readonly (readonly number[])[] {
  return interval === null ? [] : [[interval.low, interval.high]];
}

function textsOf({ texts }: DrawnPlot, kind: string): readonly string[] {
  return texts.filter((text) => text.kind === kind).map(({ text }) => text);
}

export function checkReliability(plot: DrawnPlot, { calibration: { bars } }: TierJson): void {
  const [x, y] = [axisOf(plot, "x"), axisOf(plot, "y")];
  expect([x.name, y.name]).toEqual(["stated confidence", "share right"]);
  const marks = marksOf(plot, ["dot mark", "dot few"]);
  expectNear(
    marks.map((mark) => [x.valueAt(mark.x), y.valueAt(mark.y)]),
    bars.map(({ confidence, accuracy }) => [confidence, accuracy]),
    1e-4,
  );
  expect(marks.map(({ kind }) => kind === "dot few")).toEqual(bars.map(({ isSmall }) => isSmall));
  expectNear(
    reachesOf(plot, "y", "reach").map((reach) => reach.map(y.valueAt)),
    bars.flatMap(({ interval }) => ends(interval)),
    1e-4,
  );
  const most = Math.max(...bars.map(({ graded }) => graded));
  const largest = Math.max(...marks.map(({ r }) => r));
  for (const [index, { r }] of marks.entries()) {
    const share = (bars[index]?.graded ?? 0) / most;
    expect(r).toBeCloseTo(Math.max(2.5, largest * Math.sqrt(share)), 1);
  }
}

export function checkStated(plot: DrawnPlot, { stated: { atoms }, threshold }: TierJson): void {
  const [x, y] = [axisOf(plot, "x"), axisOf(plot, "y")];
  expect([x.name, y.name]).toEqual(["stated confidence", "triages"]);
  const bars = plot.shapes
    .filter(({ tag }) => tag === "rect")
    .map(({ kind, at: [left = 0, top = 0, width = 0, height = 0] }) => ({
      kind,
      left,
      top,
      width,
      height,
    }));
  expectNear(
    bars.map(({ left, top, width, height }) => [
      ...[x.valueAt(left + width / 2), y.valueAt(top), y.valueAt(top + height)],
    ]),
    atoms.map(({ confidence, triages }) => [confidence, triages, 0]),
    0.02,
  );
  expect(bars.map(({ kind }) => kind === "bar ships")).toEqual(
    atoms.map(({ isAboveThreshold }) => isAboveThreshold),
  );
  // The line parts what ships from what does not, through none of them.
  const [line = 0] = plot.shapes.find(({ kind }) => kind === "limit")?.at ?? [];
  for (const { kind, left, width } of bars) {
    if (kind === "bar ships") expect(line).toBeLessThan(left);
    else expect(line).toBeGreaterThan(left + width);
  }
  expect(textsOf(plot, "limit-name")).toEqual([`threshold ${threshold?.toFixed(2)}`]);
}

export function checkShares(plot: DrawnPlot, { tasks, promised, target }: TierJson): void {
  const x = axisOf(plot, "x");
  expect(x.name).toBe(target === "joint" ? "wrong of all requests" : "wrong of shipped");
  const known = tasks.filter(({ rate }) => rate.share !== null);
  expectNear(
    marksOf(plot, ["dot mark"]).map((mark) => [x.valueAt(mark.x)]),
    known.map(({ rate }) => [rate.share ?? 0]),
    1e-4,
  );
  expectNear(
    reachesOf(plot, "x").map((reach) => reach.map(x.valueAt)),
    known.flatMap(({ rate }) => ends(rate.interval)),
    1e-4,
  );
  const [limit = 0] = plot.shapes.find(({ kind }) => kind === "limit")?.at ?? [];
  expect(x.valueAt(limit)).toBeCloseTo(promised.atMost, 3);
  expect(textsOf(plot, "limit-name")).toEqual([`allowed ${promised.atMost * 100} %`]);
  const names = textsOf(plot, "tick").filter((text) => !text.endsWith("%"));
  expect(names).toEqual(tasks.map(({ task }) => task ?? "(no task)"));
}

export function checkRiskCoverage(plot: DrawnPlot, { riskCoverage }: TierJson): void {
  const points = riskCoverage?.points ?? [];
  const [x, y] = [axisOf(plot, "x"), axisOf(plot, "y")];
  expect([x.name, y.name]).toEqual([
    "shipped, of graded answers that could ship",
    "wrong of shipped",
  ]);
  const marks = marksOf(plot, ["dot mark", "dot few", "force"]);
  expectNear(
    marks.map((mark) => [x.valueAt(mark.x), y.valueAt(mark.y)]),
    points.map(({ coverage, risk, wrong }) => [coverage, wrong.share ?? risk]),
    2e-4,
  );
  expect(marks.map(({ kind }) => kind === "force")).toEqual(
    points.map(({ isInForce }) => isInForce),
  );
  expectNear(
    reachesOf(plot, "y").map((reach) => reach.map(y.valueAt)),
    points.flatMap(({ wrong }) => ends(wrong.interval)),
    2e-4,
  );
  const shuffled = plot.shapes.find(({ kind }) => kind === "even")?.at[1] ?? Number.NaN;
  expect(y.valueAt(shuffled)).toBeCloseTo(riskCoverage?.shuffled.share ?? 0, 3);
  const curve = pairsIn(plot.shapes.find(({ kind }) => kind === "curve")?.at ?? []);
  for (const { coverage, risk } of points) {
    const off = curve.map(([left, top]) =>
      Math.hypot(x.valueAt(left) - coverage, y.valueAt(top) - risk),
    );
    expect(Math.min(...off)).toBeLessThan(2e-4);
  }
  expectThresholds(
    plot,
    points.map(({ threshold }) => threshold),
  );
}

export function checkCostRisk(plot: DrawnPlot, { riskCoverage, promised, target }: TierJson): void {
  const points = (riskCoverage?.points ?? []).filter(
    ({ savedShare, wrong }) => savedShare !== null && wrong.share !== null,
  );
  const [x, y] = [axisOf(plot, "x"), axisOf(plot, "y")];
  expect([x.name, y.name]).toEqual([
    "cost, of what the deep model alone costs",
    "wrong of shipped",
  ]);
  const marks = marksOf(plot, ["dot mark", "force"]);
  expectNear(
    marks.map((mark) => [x.valueAt(mark.x), y.valueAt(mark.y)]),
    points.map(({ savedShare, wrong }) => [1 - (savedShare ?? 0), wrong.share ?? 0]),
    3e-4,
  );
  expect(marks.map(({ kind }) => kind === "force")).toEqual(
    points.map(({ isInForce }) => isInForce),
  );
  expectNear(
    reachesOf(plot, "y").map((reach) => reach.map(y.valueAt)),
    points.flatMap(({ wrong }) => ends(wrong.interval)),
    3e-4,
  );
  expectNear(
    reachesOf(plot, "x").map((reach) => reach.map((place) => 1 - x.valueAt(place)).toReversed()),
    points.flatMap(({ savedInterval }) => ends(savedInterval)),
    3e-4,
  );
  const allowed = pairsIn(plot.shapes.find(({ kind }) => kind === "limit")?.at ?? []);
  expect(allowed.length).toBeGreaterThan(1);
  if (target === "selective") {
    for (const [, top] of allowed) expect(y.valueAt(top)).toBeCloseTo(promised.atMost, 3);
  } else {
    for (const [left, top] of allowed) {
      const point = points.find(
        (one) => Math.abs(1 - (one.savedShare ?? 0) - x.valueAt(left)) < 1e-3,
      );
      expect(y.valueAt(top)).toBeCloseTo(promised.atMost / (point?.shipShare ?? 0), 3);
    }
  }
  expectThresholds(
    plot,
    points.map(({ threshold }) => threshold),
  );
}

export function checkSavings(plot: DrawnPlot, { savings: { net } }: RouteJson): void {
  if (net === null) return expect.fail("a plot of savings that are not known");
  const steps = [
    net.shippedNanoUsd,
    minus(net.wastedTriageNanoUsd),
    minus(net.backgroundNanoUsd),
    net.otherNanoUsd,
  ];
  const zero = plot.shapes.find(({ kind }) => kind === "axis")?.at[0] ?? 0;
  const bars = plot.shapes
    .filter(({ tag }) => tag === "rect")
    .map(({ at: [left = 0, , width = 0] }) => [left - zero, left + width - zero] as const);
  const sums = steps.reduce<readonly number[]>(
    (all, step) => [...all, (all.at(-1) ?? 0) + Number(step)],
    [0],
  );
  const wanted = [
    ...steps.map((_, index) => [sums[index] ?? 0, sums[index + 1] ?? 0] as const),
    [0, Number(net.savedNanoUsd)] as const,
  ];
  const extreme = Math.max(...wanted.flat().map(Math.abs));
  const perUnit = Math.max(...bars.flat().map(Math.abs)) / extreme;
  for (const [index, [from, to]] of wanted.entries()) {
    const [left = 0, right = 0] = bars[index] ?? [];
    // A bar of nothing is as thin as can be seen.
    expect(Math.abs(left - Math.min(from, to) * perUnit)).toBeLessThan(1.6);
    expect(Math.abs(right - Math.max(from, to) * perUnit)).toBeLessThan(1.6);
  }
  expect(textsOf(plot, "value")).toEqual([...steps, net.savedNanoUsd].map(dollarsText));
  expect(textsOf(plot, "tick")).toEqual([
    ...["saved on shipped", "triages in vain", "background calls", "other requests", "saved, net"],
  ]);
}

export function checkLatency(plot: DrawnPlot, { latency }: RouteJson): void {
  const x = axisOf(plot, "x");
  expect(x.name).toBe("time to the end of the answer");
  const totals = latency.map(({ total }) => total);
  const tolerance = Math.max(...totals.map(({ p95Ms, p50Ms }) => p95Ms ?? p50Ms ?? 0)) / 5_000;
  const places = (kind: string) =>
    marksOf(plot, [kind])
      .slice(1)
      .map((mark) => [x.valueAt(mark.x)]);
  const reaches = (kind: string) => reachesOf(plot, "x", kind).map((reach) => reach.map(x.valueAt));
  const known = (ms: number | null) => (ms === null ? [] : [[ms]]);
  // The first of each is the key to the plot.
  expectNear(
    places("dot mark"),
    totals.flatMap(({ p50Ms }) => known(p50Ms)),
    tolerance,
  );
  expectNear(
    places("dot second"),
    totals.flatMap(({ p95Ms }) => known(p95Ms)),
    tolerance,
  );
  expectNear(
    reaches("reach mark"),
    totals.flatMap(({ p50Interval }) => ends(p50Interval)),
    tolerance,
  );
  expectNear(
    reaches("reach second"),
    totals.flatMap(({ p95Ms, p95Interval }) => (p95Ms === null ? [] : ends(p95Interval))),
    tolerance,
  );
  expect(textsOf(plot, "tick").filter((text) => !/\d/.test(text))).toEqual(
    latency.map(({ decision }) => decision),
  );
  expect(textsOf(plot, "hint").slice(0, 2)).toEqual(["half of them (p50)", "nearly all (p95)"]);
}

export function checkDifferences(plot: DrawnPlot, { differences: { graded } }: TierJson): void {
  const bars = plot.shapes.filter(({ tag, at }) => tag === "rect" && at[2] !== 12);
  const rows = graded.map((row) => [
    row.onlyCheapRight,
    row.onlyDeepRight,
    row.bothRight,
    row.bothWrong,
  ]);
  const kinds = ["bar ships", "bar loses", "bar escalates", "bar none"];
  const wanted = rows.flatMap((row) => {
    const all = row.reduce((sum, count) => sum + count, 0);
    return row.flatMap((count, place) =>
      count === 0 ? [] : [{ share: count / all, count, kind: kinds[place] }],
    );
  });
  expect(bars.map(({ kind }) => kind)).toEqual(wanted.map(({ kind }) => kind));
  for (const [index, { share }] of wanted.entries()) {
    // A pixel parts a bar from the next.
    expect((bars[index]?.at[2] ?? 0) + 1).toBeCloseTo(share * (420 - 88), 1);
  }
  const counts = plot.texts
    .filter(({ kind }) => kind.startsWith("on "))
    .map(({ text }) => Number(text));
  expect(wanted.map(({ count }) => count).filter((count) => count > 9)).toEqual(
    counts.filter((count) => count > 9),
  );
  expect(textsOf(plot, "tick")).toEqual(
    graded.map(({ by }) => (by === "judge" ? "judge says" : by)),
  );
  expect(textsOf(plot, "hint")).toEqual([
    "only cheap right",
    "only deep right",
    "both right",
    "both wrong",
  ]);
}

/** Not every threshold has room for its name; none has a wrong one, and the one in force has its own. */
function expectThresholds(plot: DrawnPlot, thresholds: readonly number[]): void {
  const named = textsOf(plot, "value");
  expect(named.length).toBeGreaterThan(0);
  for (const name of named) expect(thresholds.map((one) => one.toFixed(2))).toContain(name);
}

function pairsIn(at: readonly number[]): readonly (readonly [number, number])[] {
  return at.flatMap((value, index) =>
    index % 2 === 0 ? [[value, at[index + 1] ?? 0] as const] : [],
  );
}

function minus(nanoUsd: string): string {
  return String(-BigInt(nanoUsd));
}
