import { expect, test } from "vitest";
import { alertKey, type Alert } from "../ledger/records/alert.ts";
import { applyAlertChanges, type AlertChange } from "./alert-change.ts";

const notice: Alert = {
  ...{ id: "alert_1", rule: "false_confident", route: "support", subject: null },
  ...{ severity: "notice", summary: "5 of 20 are wrong.", facts: {} },
  ...{ action: "threshold 0.8 to 0.85", revert: "leadsman tune support --undo" },
  ...{ openedAtMs: 1, resolvedAtMs: null, acknowledgedAtMs: null, acknowledgedBy: null },
  isExercise: false,
};
const page: Alert = {
  ...{ ...notice, id: "alert_2", severity: "page", openedAtMs: 2 },
  ...{ action: null, revert: null },
};

/** Alerts as they are written, and whom channels are told of. */
function apply(
  before: Alert | null,
  ...changes: readonly AlertChange[]
): { readonly written: readonly Alert[]; readonly told: readonly string[] } {
  const open = new Map(before === null ? [] : [[alertKey(before), before]]);
  const told: string[] = [];
  const { entries } = applyAlertChanges("support", open, changes, ({ id }, event) => {
    told.push(`${event} ${id}`);
    return [];
  });
  return { told, written: entries.flatMap((one) => (one.kind === "alert" ? [one.alert] : [])) };
}

const opened = (alert: Alert): AlertChange => ({ kind: "open", alert });

test("the first one is written and told", () => {
  expect(apply(null, opened(notice))).toEqual({ written: [notice], told: ["opened alert_1"] });
});

test("a graver one takes its place, and what was done stays said", () => {
  const { written, told } = apply(notice, opened(page));
  expect(told).toEqual(["opened alert_2"]);
  expect(written).toEqual([
    { ...notice, resolvedAtMs: 2 },
    { ...page, action: notice.action, revert: notice.revert },
  ]);
});

test("one that only goes on is not told again, however often it alarms", () => {
  const again = { ...page, id: "alert_3", openedAtMs: 3 };
  const nothing = { written: [], told: [] };
  expect(apply(page, opened(again))).toEqual(nothing);
  expect(apply(page, opened({ ...again, severity: "notice" }))).toEqual(nothing);
  expect(apply(page, opened(page))).toEqual(nothing);
});

test("another thing that was done is told, and a page stays one until it is over", () => {
  const move = { ...notice, id: "alert_3", action: "threshold 0.85 to 0.9", openedAtMs: 3 };
  const { written, told } = apply(page, opened(move));
  expect(told).toEqual(["opened alert_3"]);
  expect(written[1]).toEqual({ ...move, severity: "page" });
});

test("each proof that would loosen is an offer of its own", () => {
  const proof: Alert = { ...notice, rule: "lowering_proved", action: null, revert: null };
  const other = { ...proof, id: "alert_3", openedAtMs: 3 };
  expect(apply(proof, opened(other)).told).toEqual(["opened alert_3"]);
});

test("what is not open is not resolved", () => {
  const over: AlertChange = {
    ...{ kind: "resolve", rule: "false_confident", subject: null, atMs: 9 },
  };
  expect(apply(null, over)).toEqual({ written: [], told: [] });
  expect(apply(page, over)).toEqual({
    written: [{ ...page, resolvedAtMs: 9 }],
    told: ["resolved alert_2"],
  });
});
