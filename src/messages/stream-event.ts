import { isJsonObject } from "../support/json.ts";
import type { JsonObject, JsonValue } from "../support/json.ts";
import { failure, success } from "../support/result.ts";
import type { Result } from "../support/result.ts";
import {
  isApiError,
  isBlockDelta,
  isContentBlock,
  isStringOrNull,
  isUsageUpdate,
  readMessage,
} from "./message-shapes.ts";
import type { StreamEvent } from "./message.ts";
import { readJson } from "./read-json.ts";
import type { SseFrame } from "./sse-reader.ts";

/** Why a frame cannot be relied on. Never quotes the frame. */
export interface StreamEventProblem {
  readonly message: string;
}

/**
 * The event that a frame carries; members that we do not read stay. Events of unknown names are
 * tolerated, whatever their data. A known one must have the shape that the API promises, and a
 * frame without a name must have data that says its `type`, else a broken delta would pass unseen.
 */
export function readStreamEvent(frame: SseFrame): Result<StreamEvent, StreamEventProblem> {
  const delta = frame.event === "content_block_delta" ? readTextDelta(frame.data) : null;
  if (delta !== null) return success(delta);
  const read = readJson(frame.data);
  const type = read.ok ? typeOf(read.value) : null;
  const name = frame.event ?? type ?? SSE_DEFAULT_EVENT;
  const readKnown = KNOWN_EVENTS.get(name);
  if (!read.ok) {
    const isTolerated = readKnown === undefined && frame.event !== null;
    if (isTolerated) return success({ type: "unknown", name, value: frame.data });
    return failure({ message: `${name}: Expected valid JSON, found a syntax error` });
  }
  if (readKnown === undefined) return success({ type: "unknown", name, value: read.value });
  if (!isJsonObject(read.value)) return failure({ message: `${name}: Expected a JSON object` });
  if (type !== null && type !== name)
    return failure({ message: `${name}: Expected data of this type, found another type` });
  const event = readKnown(read.value);
  if (event !== null) return success(event);
  return failure({ message: `${name}: Expected the documented members, found others` });
}

/** What nearly every frame of a stream looks like, byte for byte. */
const TEXT_DELTA_START = '{"type":"content_block_delta","index":';
const TEXT_DELTA_MIDDLE = ',"delta":{"type":"text_delta","text":';
const TEXT_DELTA_END = "}}";

/**
 * The quick way for that frame: between fixed texts only an index and one JSON string are left to
 * read. Null when anything is different; the frame is then read as any other.
 */
function readTextDelta(data: string): StreamEvent | null {
  if (!data.startsWith(TEXT_DELTA_START) || !data.endsWith(TEXT_DELTA_END)) return null;
  const indexEnd = data.indexOf(",", TEXT_DELTA_START.length);
  if (!data.startsWith(TEXT_DELTA_MIDDLE, indexEnd)) return null;
  const index = data.slice(TEXT_DELTA_START.length, indexEnd);
  if (index !== "0" && !/^[1-9]\d{0,8}$/.test(index)) return null;
  const literal = data.slice(indexEnd + TEXT_DELTA_MIDDLE.length, -TEXT_DELTA_END.length);
  const text = readJson(literal);
  if (!text.ok || typeof text.value !== "string") return null;
  const delta = { type: "text_delta", text: text.value } as const;
  return { type: "content_block_delta", index: Number(index), delta };
}

/** The event as a frame of a server-sent event stream. */
export function writeStreamEvent(event: StreamEvent): string {
  if (event.type !== "unknown") return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
  // A name that came out of data may hold line ends, which would end the field.
  const name = event.name.replaceAll(/[\r\n]/g, " ");
  return `event: ${name}\ndata: ${JSON.stringify(event.value)}\n\n`;
}

/** The frame of a plain text delta, as `writeStreamEvent` would make it, without the object. */
export function writeTextDelta(index: number, text: string): string {
  return (
    `event: content_block_delta\ndata: ${TEXT_DELTA_START}${String(index)}${TEXT_DELTA_MIDDLE}` +
    `${JSON.stringify(text)}${TEXT_DELTA_END}\n\n`
  );
}

/** What the standard calls an event without a name. */
const SSE_DEFAULT_EVENT = "message";

/** Reads the data of an event of one name; null when its shape is wrong. */
type KnownEventReader = (data: JsonObject) => StreamEvent | null;

const KNOWN_EVENTS: ReadonlyMap<string, KnownEventReader> = new Map<string, KnownEventReader>([
  ["message_start", readMessageStart],
  ["content_block_start", readBlockStart],
  ["content_block_delta", readBlockDelta],
  ["content_block_stop", readBlockStop],
  ["message_delta", readMessageDelta],
  ["message_stop", (data) => ({ ...data, type: "message_stop" })],
  ["ping", (data) => ({ ...data, type: "ping" })],
  ["error", readError],
]);

function readMessageStart(data: JsonObject): StreamEvent | null {
  const message = readMessage(data["message"]);
  return message === null ? null : { ...data, type: "message_start", message };
}

function readBlockStart(data: JsonObject): StreamEvent | null {
  const { index, content_block: block } = data;
  if (!isIndex(index) || !isContentBlock(block)) return null;
  return { ...data, type: "content_block_start", index, content_block: block };
}

function readBlockDelta(data: JsonObject): StreamEvent | null {
  const { index, delta } = data;
  if (!isIndex(index) || !isBlockDelta(delta)) return null;
  return { ...data, type: "content_block_delta", index, delta };
}

function readBlockStop(data: JsonObject): StreamEvent | null {
  const { index } = data;
  return isIndex(index) ? { ...data, type: "content_block_stop", index } : null;
}

function readMessageDelta(data: JsonObject): StreamEvent | null {
  const { delta, usage = {} } = data;
  if (!isJsonObject(delta) || !isUsageUpdate(usage)) return null;
  const { stop_reason: stopReason = null } = delta;
  if (!isStringOrNull(stopReason)) return null;
  return { ...data, type: "message_delta", delta: { ...delta, stop_reason: stopReason }, usage };
}

function readError(data: JsonObject): StreamEvent | null {
  const { error, request_id: requestId = null } = data;
  if (!isApiError(error) || !isStringOrNull(requestId)) return null;
  return { ...data, type: "error", error };
}

function isIndex(value: JsonValue | undefined): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function typeOf(value: JsonValue): string | null {
  return isJsonObject(value) && typeof value["type"] === "string" ? value["type"] : null;
}
