import type { JsonObject, JsonValue } from "../../support/json.ts";
import type { RowProblem, RowProblemCode } from "./dataset-row.ts";

/**
 * Every member of a row and the names it may have, the first being ours. No name is understood
 * that is not in here.
 */
export const ROW_MEMBERS = {
  id: ["id", "item_id", "itemId"],
  route: ["route"],
  task: ["task"],
  createdAt: ["created_at", "createdAt", "createdAtMs", "timestamp"],
  cluster: ["cluster", "cluster_id", "session_id"],
  input: ["input", "prompt", "question"],
  messages: ["messages"],
  system: ["system"],
  request: ["request", "params"],
  ideal: ["ideal", "expected", "truth"],
  cheap: ["cheap", "small"],
  deep: ["deep", "expensive", "large"],
} as const;

/** The members of one model's answer. */
export const SIDE_MEMBERS = {
  model: ["model"],
  answer: ["answer", "output", "text"],
  confidence: ["confidence"],
  correct: ["correct", "is_correct", "isCorrect", "outcome"],
  costNanoUsd: ["cost_nano_usd", "costNanoUsd"],
  costUsd: ["cost_usd", "costUsd"],
  latencyMs: ["latency_ms", "latencyMs"],
  latencySeconds: ["latency_s", "latency_seconds"],
  promptHash: ["prompt_hash", "promptHash"],
  missing: ["missing"],
} as const;

/** Names that somebody might mean and that leave open what: each refuses its row. */
export const UNIT_WANTED: Readonly<Record<string, string>> = {
  cost: "cost_usd or cost_nano_usd",
  latency: "latency_ms or latency_s",
};

/**
 * The value of a member under whichever of its names the row has.
 *
 * @returns undefined when it has none
 * @throws RowRefusal when two of its names say different things
 */
export function member(row: JsonObject, names: readonly string[]): JsonValue | undefined {
  let found: JsonValue | undefined;
  let foundName: string | null = null;
  for (const name of names) {
    const value = row[name];
    if (value === undefined) continue;
    if (foundName === null) {
      found = value;
      foundName = name;
    } else if (JSON.stringify(found) !== JSON.stringify(value)) {
      refuse("ambiguous_member", `"${foundName}" and "${name}" mean the same and differ`);
    }
  }
  return found;
}

/** @throws RowRefusal for anything but a text; null and absent are null */
export function textMember(row: JsonObject, names: readonly string[]): string | null {
  const value = member(row, names);
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return value === "" ? null : value;
  if (typeof value === "number") return String(value);
  return refuse("invalid_member", `"${names[0] ?? ""}" is no text`);
}

/** Leaves the reading of a row. Caught where rows are read; never seen elsewhere. */
export class RowRefusal extends Error {
  readonly problem: RowProblem;

  constructor(problem: RowProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** @throws RowRefusal always */
export function refuse(code: RowProblemCode, message: string): never {
  throw new RowRefusal({ code, message });
}
