import { createProtocol } from "../../cascade/protocols/create-protocol.ts";
import type { ProtocolChoice } from "../../cascade/route.ts";
import { isJsonObject } from "../../support/json.ts";
import { contentText, parseJson } from "./request-text.ts";

/** How an answer's text has to be read to be rid of everything but the answer. */
export type AnswerForm =
  /** As it is. */
  | { readonly kind: "plain" }
  /** A verdict of ours or, of an item from elsewhere, perhaps one. */
  | { readonly kind: "verdict"; readonly isCertain: boolean }
  /** The client's own JSON, with the confidence among its members. */
  | { readonly kind: "field"; readonly field: string };

/** A stored answer. */
export interface StoredAnswer {
  readonly text: string;
}

/** @param body a message of the API as it was stored, JSON; null for anything else */
export function storedAnswer(body: Uint8Array): StoredAnswer | null {
  const message = parseJson(body);
  if (!isJsonObject(message) || !Array.isArray(message["content"])) return null;
  return { text: contentText(message["content"]) };
}

/** How the answers of a route's tiers are stored. */
export function answerForm(protocol: ProtocolChoice, side: "cheap" | "deep"): AnswerForm {
  if (protocol.kind === "field") return protocol;
  return side === "cheap" ? { kind: "verdict", isCertain: true } : { kind: "plain" };
}

/**
 * What an answer says to its reader, without any confidence: whoever grades must not see it.
 *
 * @returns null when there is no answer in it
 */
export function answerText(text: string, form: AnswerForm): string | null {
  switch (form.kind) {
    case "plain":
      return text;
    case "verdict":
      return verdictAnswer(text) ?? (form.isCertain ? null : text);
    case "field":
      return withoutField(text, form.field);
  }
}

/**
 * The member of an answer of the client's own shape that states its confidence: the one with that
 * number, and of several the one whose name says so. Null when there is none, or it cannot be told.
 */
export function statedField(text: string, confidence: number | null): string | null {
  const value = confidence === null ? null : parseJson(Buffer.from(text));
  if (!isJsonObject(value)) return null;
  const names = Object.entries(value).flatMap(([name, member]) => {
    const isNumber = typeof member === "number" || (typeof member === "string" && member !== "");
    return isNumber && Number(member) === confidence ? [name] : [];
  });
  const [only = null] = names;
  return names.length <= 1 ? only : (names.find((name) => /confiden/i.test(name)) ?? null);
}

function verdictAnswer(text: string): string | null {
  const reader = createProtocol({ kind: "envelope" }).createReader();
  reader.push(text);
  const state = reader.end();
  return state.kind === "complete" ? reader.takeAnswerText() : null;
}

function withoutField(text: string, field: string): string {
  const value = parseJson(Buffer.from(text));
  if (isJsonObject(value)) {
    const { [field]: _, ...rest } = value;
    return JSON.stringify(rest, null, 2);
  }
  // What is no JSON any more, such as a cut answer, must not show its confidence either.
  const name = JSON.stringify(field).replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return text.replaceAll(new RegExp(`${name}\\s*:\\s*[^,}\\s]*`, "g"), "");
}
