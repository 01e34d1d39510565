import type { ImportedItem } from "../../ledger/ledger.ts";
import type { JsonObject } from "../../support/json.ts";
import { isJsonObject } from "../../support/json.ts";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import type { RowProblemCode, RowSide } from "../rows/dataset-row.ts";
import type { ReadRow } from "../rows/read-row.ts";
import { RowRefusal } from "../rows/row-members.ts";
import { readRequestPrompt } from "../rows/row-prompt.ts";
import { rowItem, type RowContext } from "../rows/row-item.ts";
import type { ProblemList } from "./import-report.ts";

/** What the parts of a batch need to know of the route they are for. */
export interface BatchModels {
  /** Whose answer a model's is; null when the route has no such model. */
  sideOf(model: string): "cheap" | "deep" | null;
  /** Takes the text of a triage apart; null confidence for a text that is no verdict. */
  readVerdict(text: string): { readonly confidence: number | null; readonly answer: string | null };
}

/** Where a part stood. */
export interface PartPlace {
  readonly file: string;
  readonly line: number;
  /** Memory that it takes, roughly. */
  readonly bytes: number;
}

type BatchPart = Exclude<ReadRow, { kind: "row" } | { kind: "evidence" }>;

interface Joined {
  params: JsonObject | null;
  cheap: RowSide | null;
  deep: RowSide | null;
  place: PartPlace;
}

/** Memory for parts that wait for their counterparts: twice the largest batch that the API takes. */
const MAX_HELD_BYTES = 512 * 1024 * 1024;

/**
 * Joins requests and results of batches by their `custom_id`, in whatever order and files they come.
 * Results of the route's first model and of its last one make the two sides.
 */
export class BatchJoin {
  readonly #context: RowContext & { readonly models: BatchModels };
  readonly #problems: ProblemList;
  readonly #byId = new Map<string, Joined>();
  #heldBytes = 0;

  constructor(context: RowContext & { readonly models: BatchModels }, problems: ProblemList) {
    this.#context = context;
    this.#problems = problems;
  }

  /** @throws LeadsmanError `batch_too_large` */
  add(part: BatchPart, place: PartPlace): void {
    this.#heldBytes += place.bytes;
    if (this.#heldBytes > MAX_HELD_BYTES) {
      const message = "At most 512 MiB of batch lines can be joined at once: import them in parts.";
      throw new LeadsmanError("batch_too_large", message);
    }
    const known = this.#byId.get(part.customId);
    const joined = known ?? { params: null, cheap: null, deep: null, place };
    if (known === undefined) this.#byId.set(part.customId, joined);
    if (part.kind === "batch_request") {
      if (joined.params === null) joined.params = part.params;
      else if (JSON.stringify(joined.params) !== JSON.stringify(part.params)) {
        this.#refuse(place, "ambiguous_member", 'has a "custom_id" that another request has too');
      }
    } else this.#addResult(joined, part.message, place);
  }

  finish(): { readonly items: readonly ImportedItem[]; readonly promptsOnly: number } {
    const items: ImportedItem[] = [];
    let promptsOnly = 0;
    for (const [id, { params, cheap, deep, place }] of this.#byId) {
      if (cheap === null && deep === null) {
        promptsOnly += params === null ? 0 : 1;
        continue;
      }
      try {
        const prompt = params === null ? null : readRequestPrompt(params);
        const empty = { route: null, task: null, createdAtMs: null, cluster: null, ideals: [] };
        items.push(rowItem({ ...empty, id, prompt, cheap, deep }, this.#context));
      } catch (error) {
        if (!(error instanceof RowRefusal)) throw error;
        this.#problems.add(place.file, place.line, error.problem);
      }
    }
    return { items, promptsOnly };
  }

  #addResult(joined: Joined, message: JsonObject, place: PartPlace): void {
    const { model } = message;
    const side = typeof model === "string" ? this.#context.models.sideOf(model) : null;
    if (side === null || typeof model !== "string") {
      const route = this.#context.route;
      this.#refuse(place, "model_unknown", `is of a model that route ${route} does not have`);
    } else if (joined[side] !== null) {
      this.#refuse(place, "ambiguous_member", `is a second result of the ${side} model`);
    } else joined[side] = this.#sideFrom(message, model, side);
  }

  #sideFrom(message: JsonObject, model: string, side: "cheap" | "deep"): RowSide {
    const text = textOf(message);
    const verdict =
      side === "cheap" && text !== null ? this.#context.models.readVerdict(text) : null;
    return {
      model,
      answer: verdict === null ? text : verdict.answer,
      confidence: verdict?.confidence ?? null,
      hasConfidence: false,
      label: null,
      costNanoUsd: null,
      latencyMs: null,
      promptHash: null,
      missing: message["stop_reason"] === "refusal" ? "refused" : null,
    };
  }

  #refuse(place: PartPlace, code: RowProblemCode, message: string): void {
    this.#problems.add(place.file, place.line, { code, message });
  }
}

/** All text of an answer; null when it has none. */
function textOf({ content }: JsonObject): string | null {
  if (!Array.isArray(content)) return null;
  let text: string | null = null;
  for (const block of content as readonly unknown[]) {
    if (!isJsonObject(block) || block["type"] !== "text") continue;
    if (typeof block["text"] === "string") text = (text ?? "") + block["text"];
  }
  return text;
}
