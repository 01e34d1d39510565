import { hash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { Label } from "../../datasets/labels/label.ts";
import { placeLabel, type PlacedLabel } from "../../datasets/labels/place-label.ts";
import type { Ledger, LedgerEntry } from "../../ledger/ledger.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../support/json.ts";
import { failure, success, type Result } from "../../support/result.ts";
import { refuseCall, type ApiCall } from "./api-call.ts";
import {
  graderMember,
  idMember,
  noteMember,
  refuseUnknownMembers,
  unknownMember,
} from "./body-members.ts";

/** Labels of one call. */
export const MAX_LABELS = 1_000;

/** Labels placed in one go, before others get their turn: reading the ledger holds them up. */
const TURN_LABELS = 20;

/** What became of one label, in the order in which they came. */
interface LabelAnswer {
  readonly index: number;
  /** `accepted`: new. `known`: the same was said before. The others changed nothing. */
  readonly status: "accepted" | "known" | "unknown_item" | "invalid";
  readonly itemId: string | null;
  readonly tier: number | null;
  readonly gradeId: string | null;
  /** Another label says the contrary, so the answer counts as neither right nor wrong. */
  readonly isDisputed: boolean;
  readonly reason: string | null;
}

interface PostedLabel extends Label {
  /** The caller's own name for it; the same twice counts once. */
  readonly id: string | null;
}

/**
 * Answers `POST labels`: takes what systems or people know of answers, up to a thousand in one call.
 * Each label has an answer of its own, so that one that is wrong holds up no other. All that are
 * accepted are committed together before the answer goes out.
 */
export async function postLabels({ ledger, body, query, context }: ApiCall): Promise<object> {
  query.end();
  refuseUnknownMembers(body, ["labels"]);
  const labels = body["labels"];
  if (!Array.isArray(labels)) return refuseCall('The body must be {"labels": [...]}');
  if (labels.length > MAX_LABELS) {
    refuseCall(`At most ${MAX_LABELS} labels fit one call; there are ${labels.length}`);
  }
  const answers: LabelAnswer[] = [];
  const entries: LedgerEntry[] = [];
  const written = new Set<string>();
  for (const [index, value] of (labels as readonly JsonValue[]).entries()) {
    const placed = await place(ledger, value, context.clock.nowMs());
    if (placed.ok && placed.entries.length > 0 && !written.has(placed.answer.gradeId ?? "")) {
      written.add(placed.answer.gradeId ?? "");
      entries.push(...placed.entries);
      answers.push({ index, ...placed.answer });
    } else {
      const status = placed.ok ? "known" : placed.answer.status;
      answers.push({ index, ...placed.answer, status });
    }
    if (index % TURN_LABELS === TURN_LABELS - 1) await setImmediate();
  }
  if (entries.length > 0) await ledger.append(entries);
  const count = (status: LabelAnswer["status"]): number =>
    answers.filter((answer) => answer.status === status).length;
  return {
    accepted: count("accepted"),
    known: count("known"),
    refused: count("unknown_item") + count("invalid"),
    labels: answers,
  };
}

type Placing =
  | {
      readonly ok: true;
      readonly answer: Omit<LabelAnswer, "index">;
      readonly entries: readonly LedgerEntry[];
    }
  | { readonly ok: false; readonly answer: Omit<LabelAnswer, "index"> };

async function place(ledger: Ledger, value: JsonValue, nowMs: number): Promise<Placing> {
  const read = readLabel(value);
  if (!read.ok) return { ok: false, answer: refused("invalid", null, read.problem) };
  const { id, ...label } = read.value;
  const placed = await placeLabel(ledger, label, nowMs);
  if (!placed.ok) {
    const { code, message } = placed.problem;
    const status = code === "unknown_item" ? code : "invalid";
    return { ok: false, answer: refused(status, label.itemId, `The label ${message} (${code})`) };
  }
  const named = id === null ? placed.value : await underOwnId(ledger, placed.value, id);
  const { grade, before, entries } = named;
  const isDisputed = before !== null && before !== grade.outcome;
  const { itemId, tier, id: gradeId } = grade;
  const answer = { status: "accepted", itemId, tier, gradeId, isDisputed, reason: null } as const;
  return { ok: true, answer, entries };
}

/** Under the caller's own id: whatever was said under it first stays. */
async function underOwnId(ledger: Ledger, placed: PlacedLabel, id: string): Promise<PlacedLabel> {
  const gradeId = `grd_${hash("sha256", `label\u0000${id}`).slice(0, 32)}`;
  const grade = { ...placed.grade, id: gradeId };
  const earlier = (await ledger.grades(grade.itemId)).some((one) => one.id === gradeId);
  const entries = placed.entries.map((entry): LedgerEntry =>
    entry.kind === "grade" ? { kind: "grade", grade } : entry,
  );
  return { ...placed, grade, entries: earlier ? [] : entries };
}

function refused(
  status: "unknown_item" | "invalid",
  itemId: string | null,
  reason: string,
): Omit<LabelAnswer, "index"> {
  return { status, itemId, tier: null, gradeId: null, isDisputed: false, reason };
}

const MEMBERS = [
  ...["request_id", "item_id", "correct", "outcome", "tier", "grader", "note", "id"],
] as const;

function readLabel(value: JsonValue): Result<PostedLabel, string> {
  if (!isJsonObject(value)) return failure("A label must be a JSON object");
  const unknown = unknownMember(value, MEMBERS);
  if (unknown !== null) return failure(unknown);
  const requestId = idMember(value, "request_id");
  const itemIdMember = idMember(value, "item_id");
  const grader = graderMember(value);
  const note = noteMember(value);
  const id = idMember(value, "id");
  for (const read of [requestId, itemIdMember, grader, note, id]) if (!read.ok) return read;
  if (!requestId.ok || !itemIdMember.ok || !grader.ok || !note.ok || !id.ok) {
    return failure("A label must be a JSON object");
  }
  const itemId = requestId.value ?? itemIdMember.value;
  if (itemId === null || (requestId.value !== null && itemIdMember.value !== null)) {
    return failure('Either "request_id" or "item_id" must say which answer it is about');
  }
  const outcome = readOutcome(value);
  if (!outcome.ok) return outcome;
  const tier = value["tier"] ?? null;
  if (!isTier(tier)) return failure('"tier" must be "cheap", "deep" or the position of a tier');
  return success({
    itemId,
    tier,
    outcome: outcome.value,
    grader: grader.value ?? "api",
    note: note.value,
    id: id.value,
  });
}

function readOutcome({ correct, outcome }: JsonObject): Result<"right" | "wrong", string> {
  const said = correct === undefined ? null : correct === true ? "right" : "wrong";
  if (correct !== undefined && typeof correct !== "boolean") {
    return failure('"correct" must be true or false');
  }
  if (outcome !== undefined && outcome !== "right" && outcome !== "wrong") {
    return failure('"outcome" must be "right" or "wrong"');
  }
  if (said !== null && outcome !== undefined && said !== outcome) {
    return failure('"correct" and "outcome" contradict each other');
  }
  const settled = outcome ?? said;
  return settled === null ? failure('Either "correct" or "outcome" is wanted') : success(settled);
}

function isTier(tier: JsonValue): tier is number | "cheap" | "deep" | null {
  if (tier === null || tier === "cheap" || tier === "deep") return true;
  return typeof tier === "number" && Number.isSafeInteger(tier) && tier >= 0;
}
