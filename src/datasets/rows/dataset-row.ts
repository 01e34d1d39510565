import type { NanoUsd } from "../../catalogue/cost.ts";
import type { EscalationReason, MissingSideReason } from "../../cascade/words.ts";
import type { LabelProblemCode } from "../labels/label.ts";
import type { JsonObject, JsonValue } from "../../support/json.ts";

/** What one line of a data set says, once it has been understood. */
export interface DatasetRow {
  /** The row's own name in its data set; null when it has none. */
  readonly id: string | null;
  readonly route: string | null;
  readonly task: string | null;
  /** Epoch milliseconds; null when the row does not say. */
  readonly createdAtMs: number | null;
  readonly cluster: string | null;
  readonly prompt: RowPrompt | null;
  /** Right answers, any of which will do; empty when none is known. */
  readonly ideals: readonly string[];
  readonly cheap: RowSide | null;
  readonly deep: RowSide | null;
}

/** What the models were asked. */
export type RowPrompt =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "messages";
      readonly messages: readonly JsonValue[];
      readonly system: string | null;
    }
  /** A whole body of the Messages API. */
  | { readonly kind: "request"; readonly body: JsonObject };

/** One model's answer to it. */
export interface RowSide {
  readonly model: string | null;
  /** Undefined when the row does not hold the text; null when the model gave none. */
  readonly answer: string | null | undefined;
  /** 0–1; null for none, and for anything that is no confidence. */
  readonly confidence: number | null;
  /** Whether the row had a word for the confidence, however useless. */
  readonly hasConfidence: boolean;
  readonly label: "right" | "wrong" | null;
  readonly costNanoUsd: NanoUsd | null;
  readonly latencyMs: number | null;
  readonly promptHash: string | null;
  readonly missing: MissingSideReason | EscalationReason | null;
}

/** Why a line was refused. */
export interface RowProblem {
  /** Stable word. */
  readonly code: RowProblemCode;
  /** A sentence that never quotes texts of the row. */
  readonly message: string;
}

export type RowProblemCode =
  | "line_too_long"
  | "invalid_utf8"
  | "not_json"
  | "not_csv"
  | "not_an_object"
  | "unknown_shape"
  | "ambiguous_member"
  | "invalid_member"
  | "no_identity"
  | "no_unit"
  | "ends_with_answer"
  | "request_record"
  | "batch_mismatch"
  | "model_unknown"
  | LabelProblemCode;
