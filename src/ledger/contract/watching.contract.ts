import { expect, test } from "vitest";
import type { Alert } from "../records/alert.ts";
import { candidateTier } from "../records/candidate-tier.ts";
import { evidenceEntry, evidenceOf, gradeEntry, gradeOf } from "./evidence.fixture.ts";
import { withLedger } from "./ledger-place.fixture.ts";
import type { MakePlace } from "./ledger-place.fixture.ts";
import { START_MS } from "./records.fixture.ts";

/** What detectors remember, and what they have told. */
export function describeWatching(makePlace: MakePlace): void {
  test("what a detector remembers is replaced, with what it has led to in one commit", () =>
    withLedger(makePlace, async (ledger, { open }) => {
      const state = { name: "errors/support/0", route: "support", json: "{}", updatedAtMs: 1 };
      const other = { ...state, name: "errors/search/0", route: "search" };
      await ledger.append([
        { kind: "watch_state", state },
        { kind: "watch_state", state: other },
      ]);
      const moved = { ...state, json: '{"masses":[1.5,0.25]}', updatedAtMs: 2 };
      const version = {
        ...{ id: "thv_1", route: "support", tier: 0, threshold: 0.95, configuredThreshold: 0.9 },
        ...{ createdAtMs: START_MS, reason: "more is wrong", by: "watch", certificate: null },
      };
      const before = await ledger.settingsCounter();
      await ledger.append([
        { kind: "watch_state", state: moved },
        { kind: "alert", alert: alertOf("alr_1") },
        { kind: "threshold_version", version },
      ]);
      const reader = await open();
      expect(await reader.watchStates("support")).toEqual([moved]);
      expect(await reader.thresholdVersions("support")).toEqual([version]);
      expect(await reader.settingsCounter()).toBeGreaterThan(before);
      await reader.close();
    }));

  test("alerts come newest first, of a route, open or over", () =>
    withLedger(makePlace, async (ledger) => {
      const first = alertOf("alr_1");
      const second = alertOf("alr_2", { openedAtMs: START_MS + 1, subject: null, facts: {} });
      const elsewhere = alertOf("alr_3", { route: "search", openedAtMs: START_MS + 2 });
      await ledger.append([first, second, elsewhere].map((alert) => ({ kind: "alert", alert })));
      const over = { ...first, resolvedAtMs: START_MS + 9, acknowledgedAtMs: START_MS + 3 };
      await ledger.append([{ kind: "alert", alert: { ...over, acknowledgedBy: "ada" } }]);
      const idsOf = (alerts: readonly Alert[]): readonly string[] => alerts.map(({ id }) => id);
      expect(idsOf(await ledger.alerts({}, 9))).toEqual(["alr_3", "alr_2", "alr_1"]);
      expect(idsOf(await ledger.alerts({}, 1))).toEqual(["alr_3"]);
      expect(idsOf(await ledger.alerts({ route: "support", isOpen: true }, 9))).toEqual(["alr_2"]);
      expect(idsOf(await ledger.alerts({ isOpen: false }, 9))).toEqual(["alr_1"]);
      expect(await ledger.alert("alr_1")).toEqual({ ...over, acknowledgedBy: "ada" });
      expect(await ledger.alert("alr_9")).toBeNull();
    }));

  test("an alert that ends while somebody acknowledges it is both", () =>
    withLedger(makePlace, async (ledger) => {
      const alert = alertOf("alr_1");
      const acknowledged = { ...alert, acknowledgedAtMs: START_MS + 2, acknowledgedBy: "ada" };
      const ended = { ...alert, resolvedAtMs: START_MS + 3, summary: "It is over." };
      for (const one of [alert, acknowledged, ended, acknowledged]) {
        await ledger.append([{ kind: "alert", alert: one }]);
      }
      const { resolvedAtMs } = ended;
      expect(await ledger.alert("alr_1")).toEqual({ ...acknowledged, resolvedAtMs });
    }));

  test("verdicts are told once each in their order, of tiers only and as far as they stand", () =>
    withLedger(makePlace, async (ledger) => {
      const ids = ["item_1", "item_2", "item_3"];
      const evidence = ids.map((id) => evidenceOf(id, { decision: "shipped" }));
      await ledger.append([
        ...evidence.map((one) => evidenceEntry(one)),
        evidenceEntry(evidenceOf("item_1", { tier: candidateTier(0) })),
        evidenceEntry(evidenceOf("item_4", { route: "search" })),
        gradeEntry(gradeOf("grade_1", "item_2", { outcome: "wrong", createdAtMs: START_MS + 9 })),
        gradeEntry(gradeOf("grade_2", "item_1", { tier: candidateTier(0) })),
        gradeEntry(gradeOf("grade_3", "item_4")),
        gradeEntry(gradeOf("grade_4", "item_3", { isRepeat: true })),
        gradeEntry(gradeOf("grade_5", "item_3", { outcome: "right" })),
        gradeEntry(gradeOf("grade_6", "item_1", { outcome: "right", createdAtMs: START_MS })),
        { kind: "retraction", gradeId: "grade_5", atMs: START_MS },
      ]);
      const all = await ledger.gradedSince("support", 0, 100);
      expect(all.map(({ grade }) => grade.id)).toEqual(["grade_1", "grade_6"]);
      expect(all[0]).toMatchObject({
        grade: { outcome: "wrong" },
        evidence: { itemId: "item_2", tier: 0, cheap: { human: "wrong" } },
      });
      const [first] = await ledger.gradedSince("support", 0, 1);
      const rest = await ledger.gradedSince("support", first?.sequence ?? 0, 100);
      expect(rest.map(({ grade }) => grade.id)).toEqual(["grade_6"]);
      expect(await ledger.gradedSince("support", rest[0]?.sequence ?? 0, 100)).toEqual([]);
    }));
}

function alertOf(id: string, changes: Partial<Alert> = {}): Alert {
  return {
    ...{ id, rule: "escalation_storm", route: "support", subject: "task:refund" },
    ...{ severity: "page", summary: "Six of ten escalate.", action: null, revert: null },
    facts: { rate: 0.6, requests: 200, suspect: "mix", isBypassed: false, note: null },
    ...{ openedAtMs: START_MS, resolvedAtMs: null, acknowledgedAtMs: null },
    ...{ acknowledgedBy: null, isExercise: false },
    ...changes,
  };
}
