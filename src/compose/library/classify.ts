import {
  classificationRequest,
  readClassification,
  type ClassificationProblem,
} from "../../cascade/classify.ts";
import type { Catalogue } from "../../catalogue/catalogue.ts";
import { REQUEST_RULES } from "../../catalogue/request-rules.ts";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import {
  ANY_ROUTE_MODEL,
  checkObject,
  type CallOptions,
  type MessageParams,
} from "./call-request.ts";
import { CascadeApiError, type CascadeApiErrorCode } from "./cascade-api-error.ts";
import type { CascadeEngine } from "./cascade-engine.ts";
import { messageText, type CascadeMessage } from "./cascade.ts";
import { createMessage } from "./create-message.ts";
import type { Receipt } from "./receipt.ts";

/** A text to be put under one of several labels. */
export interface ClassifyTask<Label extends string> {
  /** The text, or content blocks of the Messages API. */
  readonly input: string | readonly object[];
  /** Two or more, all different, not blank, at most 200 characters each. */
  readonly labels: readonly Label[];
  /** What the labels mean, or what to look at; for the model. Default none. */
  readonly instructions?: string;
  /** Confidence (0–1) from which a tier but the last decides. Default 0.7. */
  readonly threshold?: number;
  /** Needed when the last tier is `requested`. Default: the last tier's own. */
  readonly model?: string;
}

/** A label and who chose it. */
export interface Classified<Label extends string> {
  readonly label: Label;
  /** What that tier says its label's chance of being right is, 0–1; the last tier says so too. */
  readonly confidence: number;
  /** Position of the tier that decided, from 0. */
  readonly tier: number;
  /** The model that upstream says answered. */
  readonly model: string;
  readonly receipt: Receipt;
}

/** Makes a classification. Errors: see `Cascade.classify`. */
export async function classify<Label extends string>(
  engine: CascadeEngine,
  task: ClassifyTask<Label>,
  options: CallOptions,
): Promise<Classified<Label>> {
  checkObject("task", task);
  const { labels, threshold = null } = task;
  checkTask(task);
  const message = await createMessage(engine, {
    requestId: engine.requestIds(),
    params: paramsFor(engine, task),
    options,
    classification: { labels, threshold },
  });
  const { receipt, model } = message;
  if (message.stop_reason === "refusal") throw uselessAnswer("refused", message);
  if (message.stop_reason === "max_tokens") throw uselessAnswer("truncated", message);
  const read = readClassification(messageText(message), labels);
  if (!read.ok) throw uselessAnswer(read.problem, message);
  const { confidence } = read.value;
  const label = labels.find((candidate) => candidate === read.value.label);
  if (label === undefined) throw uselessAnswer("unknown_label", message);
  return { label, confidence, tier: receipt.tier ?? 0, model, receipt };
}

const MAX_LABEL_CHARS = 200;

/** What is wrong with the labels otherwise is told by `classificationRequest`. */
function checkTask({ labels, threshold }: ClassifyTask<string>): void {
  const given: unknown = labels;
  if (!Array.isArray(given) || !given.every((label) => typeof label === "string")) {
    throw new LeadsmanError(
      "invalid_labels",
      'Labels must be a list of two or more texts, such as ["billing", "shipping"], found ' +
        (Array.isArray(given) ? "a list with something else in it" : "none"),
    );
  }
  const long = labels.find((label) => label.length > MAX_LABEL_CHARS);
  if (long !== undefined) {
    throw new LeadsmanError(
      "invalid_labels",
      `Labels must have at most ${MAX_LABEL_CHARS} characters, found one of ${long.length}`,
    );
  }
  if (threshold === undefined || (threshold >= 0 && threshold <= 1)) return;
  throw new LeadsmanError(
    "invalid_call",
    `Cannot make the call: threshold must be in 0–1, found ${threshold}`,
  );
}

function paramsFor(engine: CascadeEngine, task: ClassifyTask<string>): MessageParams {
  const { input, labels, instructions } = task;
  const model = task.model ?? engine.lastModel ?? ANY_ROUTE_MODEL;
  const request = classificationRequest({
    model,
    input: "",
    labels,
    ...(instructions !== undefined && { instructions }),
  });
  const { max_tokens, system = "", output_config = {} } = request;
  return {
    model,
    system,
    messages: [{ role: "user", content: input }],
    output_config,
    ...roomToThink(max_tokens, engine.catalogue, model),
  };
}

/** Tokens for a model that cannot be kept from thinking before it answers. */
const THINKING_ROOM_TOKENS = 8_192;

/**
 * A label needs no thinking, and its token limit leaves no room for any. The deep model is told so
 * where it thinks unless told otherwise; where that is an error, it gets the room.
 */
function roomToThink(
  maxTokens: number,
  catalogue: Catalogue,
  model: string,
): Pick<MessageParams, "max_tokens" | "thinking"> {
  const rules = REQUEST_RULES[catalogue.find(model)?.id ?? model];
  if (rules?.omittedThinking !== "on") return { max_tokens: maxTokens };
  if (rules.disabledThinking === "rejected")
    return { max_tokens: maxTokens + THINKING_ROOM_TOKENS };
  return { max_tokens: maxTokens, thinking: { type: "disabled" } };
}

function uselessAnswer(
  code: Extract<CascadeApiErrorCode, "refused" | "truncated"> | ClassificationProblem,
  { receipt, model }: CascadeMessage,
): CascadeApiError {
  return new CascadeApiError({
    code,
    status: 200,
    type: "api_error",
    message: `The last tier (${model}) gave no usable label: ${code}`,
    requestId: receipt.id,
    receipt,
  });
}
