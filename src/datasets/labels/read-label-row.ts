import type { JsonObject, JsonValue } from "../../support/json.ts";
import { member, refuse, textMember } from "../rows/row-members.ts";
import { labelOf } from "../rows/row-side.ts";
import type { Label } from "./label.ts";

/** One row of a file of labels. */
export interface LabelRow extends Omit<Label, "itemId" | "grader"> {
  /** An id of the ledger, or the id that a row has in its data set. */
  readonly id: { readonly kind: "item" | "row"; readonly text: string };
  readonly route: string | null;
  readonly grader: string | null;
}

/** Every member of a label and the names it may have, the first being ours. */
export const LABEL_MEMBERS = {
  requestId: ["request_id", "requestId", "item_id", "itemId"],
  id: ["id"],
  correct: ["correct", "is_correct", "isCorrect", "outcome", "label"],
  tier: ["tier"],
  grader: ["grader"],
  note: ["note"],
  route: ["route"],
} as const;

/** @param isOfDataset whether `id` is the row's own in its data set @throws RowRefusal */
export function readLabelRow(row: JsonObject, isOfDataset: boolean): LabelRow {
  const requestId = textMember(row, LABEL_MEMBERS.requestId);
  const id = textMember(row, LABEL_MEMBERS.id);
  if (requestId !== null && id !== null) {
    refuse("ambiguous_member", 'has both "request_id" and "id"');
  }
  const text = requestId ?? id ?? refuse("no_identity", 'has neither "request_id" nor "id"');
  const kind = isOfDataset && requestId === null ? "row" : "item";
  const outcome = labelOf(member(row, LABEL_MEMBERS.correct));
  return {
    id: { kind, text },
    tier: tierOf(member(row, LABEL_MEMBERS.tier)),
    outcome: outcome ?? refuse("invalid_member", 'has no "correct" that says right or wrong'),
    grader: textMember(row, LABEL_MEMBERS.grader),
    note: textMember(row, LABEL_MEMBERS.note),
    route: textMember(row, LABEL_MEMBERS.route),
  };
}

function tierOf(value: JsonValue | undefined): Label["tier"] {
  if (value === undefined || value === null || value === "") return null;
  if (value === "cheap" || value === "deep") return value;
  const tier = typeof value === "string" && /^\d{1,3}$/.test(value) ? Number(value) : value;
  const isTier = typeof tier === "number" && Number.isSafeInteger(tier) && tier >= 0;
  return isTier
    ? tier
    : refuse("invalid_member", '"tier" is neither "cheap", "deep" nor a position from 0');
}
