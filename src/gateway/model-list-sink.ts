import type { HttpHeaders } from "../providers/provider.ts";
import type { ClientSink } from "../router/router.ts";
import { isJsonObject } from "../support/json.ts";

/** A longer list is passed on as it is. */
const MAX_LIST_BYTES = 1024 * 1024;

/** Of the names of a route, the one that clients made for Claude take from a list. */
const LISTED_PREFIX = "claude-leadsman-";

/** The API's own stand-in for a release date that is not known. */
const UNKNOWN_DATE = "1970-01-01T00:00:00Z";

/** What was received of an answer that may get our entries. */
interface HeldAnswer {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly chunks: Uint8Array[];
  byteCount: number;
}

/**
 * Adds our virtual models to upstream's answer to `GET /v1/models`. Errors, other pages than the
 * last, and whatever is not the list that the API describes are passed on unmodified.
 *
 * @param names all names that clients may use; of each route one is listed
 */
export function createModelListSink(sink: ClientSink, names: readonly string[]): ClientSink {
  let held: HeldAnswer | null = null;

  /** From here on the answer goes through. */
  const release = (): boolean => {
    if (held === null) return true;
    const { status, headers, chunks } = held;
    held = null;
    sink.open(status, headers);
    return chunks.map((chunk) => sink.write(chunk)).every((isRoomLeft) => isRoomLeft);
  };

  return {
    open: (status, headers) => {
      if (isPlainJson(status, headers)) held = { status, headers, chunks: [], byteCount: 0 };
      else sink.open(status, headers);
    },
    write: (chunk) => {
      if (held === null) return sink.write(chunk);
      held.chunks.push(chunk);
      held.byteCount += chunk.byteLength;
      return held.byteCount > MAX_LIST_BYTES ? release() : true;
    },
    end: () => {
      const list = held === null ? null : withModels(Buffer.concat(held.chunks), names);
      if (held === null || list === null) release();
      else {
        const changed = { etag: undefined, "content-length": String(list.byteLength) };
        sink.open(held.status, { ...held.headers, ...changed });
        sink.write(list);
        held = null;
      }
      sink.end();
    },
    destroy: () => {
      held = null;
      sink.destroy();
    },
    onDrain: (callback) => {
      sink.onDrain(callback);
    },
    onClientGone: (callback) => {
      sink.onClientGone(callback);
    },
  };
}

function isPlainJson(status: number, headers: HttpHeaders): boolean {
  const type = headers["content-type"];
  const encoding = headers["content-encoding"];
  return (
    status === 200 &&
    typeof type === "string" &&
    type.startsWith("application/json") &&
    (encoding === undefined || encoding === "identity")
  );
}

/** Null when the body is not a last page. The cursors stay upstream's own, which knows no others. */
function withModels(body: Buffer, names: readonly string[]): Buffer | null {
  const list = parsed(body);
  if (!isJsonObject(list) || !Array.isArray(list["data"]) || list["has_more"] === true) return null;
  const data: unknown[] = list["data"];
  const ours = names.filter((name) => name.startsWith(LISTED_PREFIX)).map(modelEntry);
  return Buffer.from(JSON.stringify({ ...list, data: [...data, ...ours] }));
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}

function modelEntry(id: string): object {
  const route = id.slice(LISTED_PREFIX.length);
  return { type: "model", id, display_name: `Leadsman: ${route}`, created_at: UNKNOWN_DATE };
}
