import { isJsonObject } from "../support/json.ts";
import { mergeUsage } from "./merge-usage.ts";
import type {
  ApiError,
  BlockDelta,
  ContentBlock,
  Message,
  StopReason,
  StreamEvent,
  Usage,
} from "./message.ts";
import { readJson } from "./read-json.ts";

/** What a stream did that a sound one does not; the message may lack something. */
export type AccumulatorProblem =
  /** The pieces of a tool's input are no JSON object together; the block keeps its first input. */
  | "malformed_tool_input"
  /** An event came before what it belongs to, a second time or after the end; it was ignored. */
  | "out_of_order";

/** Puts a message together from the events of its stream. Used for one stream. */
export interface MessageAccumulator {
  push(event: StreamEvent): void;
  /** The whole message; null until `message_stop` has come. */
  message(): Message | null;
  /** A copy of the message as far as it has come; null before `message_start`. */
  partial(): Message | null;
  /** Latest cumulative counts; null before `message_start`. */
  readonly usage: Usage | null;
  /** Null until a `message_delta` has named one. */
  readonly stopReason: StopReason | null;
  /** The model that upstream says is answering; null before `message_start`. */
  readonly reportedModel: string | null;
  /** True once `message_stop` has come. */
  readonly isComplete: boolean;
  /** What the first `error` event said. */
  readonly error: ApiError | null;
  /** The first one seen. */
  readonly problem: AccumulatorProblem | null;
}

/** Unknown events and unknown kinds of deltas are passed over. */
export function createMessageAccumulator(): MessageAccumulator {
  return new Accumulator();
}

class Accumulator implements MessageAccumulator {
  isComplete = false;
  error: ApiError | null = null;
  problem: AccumulatorProblem | null = null;
  #head: Message | null = null;
  readonly #blocks: BlocksInProgress = new Map();

  get usage(): Usage | null {
    return this.#head?.usage ?? null;
  }

  get stopReason(): StopReason | null {
    return this.#head?.stop_reason ?? null;
  }

  get reportedModel(): string | null {
    return this.#head?.model ?? null;
  }

  push(event: StreamEvent): void {
    if (event.type === "error") this.error ??= event.error;
    if (event.type === "error" || event.type === "ping" || event.type === "unknown") return;
    const found = this.#pushInOrder(event);
    this.problem ??= found;
  }

  message(): Message | null {
    return this.isComplete ? this.partial() : null;
  }

  partial(): Message | null {
    return this.#head === null ? null : { ...this.#head, content: contentOf(this.#blocks) };
  }

  #pushInOrder(event: MessageEvent): AccumulatorProblem | null {
    const isFirst = event.type === "message_start";
    if (this.isComplete || (this.#head === null) !== isFirst) return "out_of_order";
    if (event.type === "message_start") {
      this.#head = event.message;
      for (const [index, block] of event.message.content.entries()) {
        beginBlock(this.#blocks, index, block);
      }
      return null;
    }
    if (event.type === "message_stop") this.isComplete = true;
    else if (event.type !== "message_delta") return pushContent(this.#blocks, event);
    else if (this.#head !== null) this.#head = withDelta(this.#head, event);
    return null;
  }
}

type MessageEvent = Exclude<StreamEvent, { readonly type: "error" | "ping" | "unknown" }>;
type MessageDelta = Extract<StreamEvent, { readonly type: "message_delta" }>;
type ContentEvent = Exclude<
  MessageEvent,
  { readonly type: "message_start" | "message_delta" | "message_stop" }
>;

interface BlockInProgress {
  block: ContentBlock;
  /** Pieces of a tool's input, in order; JSON only when all have come. */
  readonly inputJson: string[];
}

type BlocksInProgress = Map<number, BlockInProgress>;

function beginBlock(blocks: BlocksInProgress, index: number, block: ContentBlock): void {
  blocks.set(index, { block, inputJson: [] });
}

function contentOf(blocks: BlocksInProgress): ContentBlock[] {
  return [...blocks.entries()].sort(([a], [b]) => a - b).map(([, { block }]) => block);
}

function pushContent(blocks: BlocksInProgress, event: ContentEvent): AccumulatorProblem | null {
  const inProgress = blocks.get(event.index);
  if ((inProgress === undefined) !== (event.type === "content_block_start")) return "out_of_order";
  if (event.type === "content_block_start") beginBlock(blocks, event.index, event.content_block);
  else if (inProgress === undefined) return "out_of_order";
  else if (event.type === "content_block_stop") return closeBlock(inProgress);
  else if (event.delta.type === "input_json_delta")
    inProgress.inputJson.push(event.delta.partial_json ?? "");
  else inProgress.block = grown(inProgress.block, event.delta);
  return null;
}

function grown(block: ContentBlock, delta: BlockDelta): ContentBlock {
  switch (delta.type) {
    case "text_delta":
      return { ...block, text: (block.text ?? "") + (delta.text ?? "") };
    case "thinking_delta":
      return { ...block, thinking: textOf(block["thinking"]) + (delta.thinking ?? "") };
    case "signature_delta":
      return { ...block, signature: delta.signature };
    case "citations_delta": {
      const earlier: readonly unknown[] = Array.isArray(block["citations"])
        ? block["citations"]
        : [];
      return { ...block, citations: [...earlier, delta["citation"]] };
    }
    default:
      return block;
  }
}

function closeBlock(inProgress: BlockInProgress): AccumulatorProblem | null {
  const json = inProgress.inputJson.join("");
  // A tool without parameters sends one empty piece.
  if (json === "") return null;
  const read = readJson(json);
  if (!read.ok || !isJsonObject(read.value)) return "malformed_tool_input";
  inProgress.block = { ...inProgress.block, input: read.value };
  return null;
}

/** Members that the end of the stream adds stand beside those of the start. */
function withDelta(head: Message, event: MessageDelta): Message {
  const { delta, usage, ...rest } = event;
  return {
    ...head,
    ...rest,
    ...delta,
    type: "message",
    stop_reason: delta.stop_reason ?? head.stop_reason,
    usage: mergeUsage(head.usage, usage),
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
