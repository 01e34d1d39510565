import type { JsonValue } from "../support/json.ts";

/** Why a model stopped. Open list: an unknown reason is carried through as it is. */
export type StopReason =
  | "end_turn"
  | "max_tokens"
  | "stop_sequence"
  | "tool_use"
  | "pause_turn"
  | "refusal"
  | "model_context_window_exceeded"
  | (string & {});

/**
 * Token counts as the Messages API reports them. `input_tokens` is the uncached remainder only:
 * the whole prompt is the sum of the three input counts. Members we do not read are kept.
 */
export interface Usage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_creation_input_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
  readonly cache_creation?: {
    readonly ephemeral_5m_input_tokens?: number;
    readonly ephemeral_1h_input_tokens?: number;
  } | null;
  readonly inference_geo?: string | null;
  readonly service_tier?: string | null;
  readonly speed?: string | null;
  readonly [member: string]: unknown;
}

/** Counts that a stream repeats at its end; `null` says nothing about a count. */
export interface UsageUpdate {
  readonly input_tokens?: number | null;
  readonly output_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
  readonly [member: string]: unknown;
}

/** A block of a model's answer; `type` says which of the API's many kinds. */
export interface ContentBlock {
  readonly type: string;
  readonly text?: string;
  readonly [member: string]: unknown;
}

/** A complete answer: the body of a non-streaming response. */
export interface Message {
  readonly id: string;
  readonly type: "message";
  readonly role: "assistant";
  readonly model: string;
  readonly content: readonly ContentBlock[];
  readonly stop_reason: StopReason | null;
  readonly stop_sequence: string | null;
  readonly usage: Usage;
  readonly [member: string]: unknown;
}

/** One event of a streamed answer. Unknown events must be tolerated: `type` is then any word. */
export type StreamEvent =
  | { readonly type: "message_start"; readonly message: Message }
  | {
      readonly type: "content_block_start";
      readonly index: number;
      readonly content_block: ContentBlock;
    }
  | { readonly type: "content_block_delta"; readonly index: number; readonly delta: BlockDelta }
  | { readonly type: "content_block_stop"; readonly index: number }
  | {
      readonly type: "message_delta";
      readonly delta: {
        readonly stop_reason: StopReason | null;
        readonly [member: string]: unknown;
      };
      /** Cumulative, not a difference; only the members that upstream repeats. */
      readonly usage: UsageUpdate;
    }
  | { readonly type: "message_stop" }
  | { readonly type: "ping" }
  | { readonly type: "error"; readonly error: ApiError; readonly request_id?: string | null }
  | { readonly type: "unknown"; readonly name: string; readonly value: JsonValue };

/** What a delta adds to its block; `type` is `text_delta`, `input_json_delta`, `thinking_delta`… */
export interface BlockDelta {
  readonly type: string;
  readonly text?: string;
  readonly partial_json?: string;
  readonly thinking?: string;
  readonly signature?: string;
  readonly [member: string]: unknown;
}

/** The inner part of Anthropic's error envelope. */
export interface ApiError {
  readonly type: string;
  readonly message: string;
  readonly [member: string]: unknown;
}
