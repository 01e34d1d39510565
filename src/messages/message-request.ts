import type { JsonValue } from "../support/json.ts";

/**
 * A Messages API request as far as a router must understand it. Every other member is carried
 * along unread, so that new API features pass through without a release of ours.
 */
export interface MessageRequest {
  readonly model: string;
  /** Whole number of tokens; 0 fills the prompt cache without an answer. */
  readonly max_tokens: number;
  readonly messages: readonly MessageParam[];
  readonly system?: string | readonly ContentBlockParam[];
  readonly stream?: boolean;
  readonly tools?: readonly JsonValue[];
  readonly stop_sequences?: readonly string[];
  readonly metadata?: { readonly user_id?: string | null };
  readonly output_config?: { readonly format?: JsonValue; readonly effort?: JsonValue };
  readonly thinking?: { readonly type?: string };
  readonly [member: string]: unknown;
}

/** Whose turn it is. Open list: an unknown role is for upstream to judge. */
export type MessageRole = "user" | "assistant" | "system" | (string & {});

export interface MessageParam {
  readonly role: MessageRole;
  readonly content: string | readonly ContentBlockParam[];
}

/** One block of content; `type` says which of the API's many kinds. */
export interface ContentBlockParam {
  readonly type: string;
  readonly text?: string;
  readonly [member: string]: unknown;
}

/** A request body that was read: the bytes as they came in and what they mean. */
export interface ParsedRequest {
  /** The decoded body (after gzip and the like), byte for byte. */
  readonly bytes: Uint8Array;
  readonly value: MessageRequest;
  /**
   * Why the bytes do not mean the same to every JSON reader, or null when they do. Such a body may
   * be forwarded but never triaged or edited by splicing.
   */
  readonly ambiguity: BodyAmbiguity | null;
}

export const BODY_AMBIGUITIES = [
  "duplicate_key",
  "escaped_key",
  "invalid_utf8",
  /** Many readers and writers of JSON, the engine's own writer among them, give up on such bodies. */
  "nested_too_deep",
] as const;
export type BodyAmbiguity = (typeof BODY_AMBIGUITIES)[number];

/** Why a body could not be read as a Messages request. Becomes a 400 in Anthropic's envelope. */
export interface RequestProblem {
  readonly message: string;
}

/**
 * A change of one top-level member of a request body. Edits are listed in the receipt.
 * `why` is a sentence for people.
 */
export type BodyEdit =
  | { readonly op: "set"; readonly member: string; readonly value: JsonValue; readonly why: string }
  | { readonly op: "remove"; readonly member: string; readonly why: string };
