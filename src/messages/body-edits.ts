import { LeadsmanError } from "../support/leadsman-error.ts";
import { bufferOf } from "./buffer-of.ts";
import type { BodyEdit, MessageRequest } from "./message-request.ts";
import { scanTopLevelMembers } from "./top-level-members.ts";
import type { TopLevelMember } from "./top-level-members.ts";

/** The request after the edits, in their order. The given request stays as it is. */
export function applyEdits(request: MessageRequest, edits: readonly BodyEdit[]): MessageRequest {
  return edits.reduce(applyEdit, request);
}

/**
 * The body after the edits, by splicing top-level members: every byte outside of the edited ones
 * stays. A new member goes to the end. Where a name is repeated or written with escapes, all its
 * occurrences are edited, so that every JSON reader sees the same.
 *
 * @returns the same array when no edit changes anything
 * @throws LeadsmanError `body_not_spliceable` when the bytes are not a JSON object
 */
export function spliceEdits(bytes: Uint8Array, edits: readonly BodyEdit[]): Uint8Array {
  const members = scanTopLevelMembers(bytes);
  if (members === null)
    throw new LeadsmanError(
      "body_not_spliceable",
      "Cannot splice a body: wanted the bytes of a JSON object, found something else.",
    );
  const splices = splicesFor(members, lastEditOfEach(edits), bytes);
  return splices.length === 0 ? bytes : spliced(bytes, splices);
}

/** Replaces the bytes from `start` up to `end` by `text`. */
interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function applyEdit(request: MessageRequest, edit: BodyEdit): MessageRequest {
  if (edit.op === "set") return { ...request, [edit.member]: edit.value };
  const kept = Object.entries(request).filter(([member]) => member !== edit.member);
  // Nothing that edits requests removes a required member.
  return Object.fromEntries(kept) as MessageRequest;
}

function lastEditOfEach(edits: readonly BodyEdit[]): ReadonlyMap<string, BodyEdit> {
  return new Map(edits.map((edit) => [edit.member, edit]));
}

/** In the order of the bytes and without overlap. */
function splicesFor(
  members: readonly TopLevelMember[],
  edits: ReadonlyMap<string, BodyEdit>,
  bytes: Uint8Array,
): Splice[] {
  const splices: Splice[] = [];
  const present = new Set<string>();
  let lastKept: TopLevelMember | null = null;
  for (const [index, member] of members.entries()) {
    present.add(member.key);
    const edit = edits.get(member.key);
    if (edit?.op === "remove") {
      splices.push(removalOf(members, index, lastKept !== null));
      continue;
    }
    lastKept = member;
    if (edit === undefined) continue;
    splices.push({
      start: member.valueStart,
      end: member.valueEnd,
      text: JSON.stringify(edit.value),
    });
  }
  const added = textOfAdded(edits, present);
  if (added === "") return splices;
  const place = lastKept?.valueEnd ?? members[0]?.keyStart ?? bufferOf(bytes).indexOf("{") + 1;
  splices.push({ start: place, end: place, text: lastKept === null ? added : `,${added}` });
  return splices.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Takes one comma along: the one before, or the one after when nothing stays before. */
function removalOf(
  members: readonly TopLevelMember[],
  index: number,
  isAnyKeptBefore: boolean,
): Splice {
  const { keyStart, valueEnd } = members[index] ?? { keyStart: 0, valueEnd: 0 };
  const start = isAnyKeptBefore ? (members[index - 1]?.valueEnd ?? keyStart) : keyStart;
  const end = isAnyKeptBefore ? valueEnd : (members[index + 1]?.keyStart ?? valueEnd);
  return { start, end, text: "" };
}

function textOfAdded(edits: ReadonlyMap<string, BodyEdit>, present: ReadonlySet<string>): string {
  const added: string[] = [];
  for (const edit of edits.values()) {
    if (edit.op === "remove" || present.has(edit.member)) continue;
    added.push(`${JSON.stringify(edit.member)}:${JSON.stringify(edit.value)}`);
  }
  return added.join(",");
}

function spliced(bytes: Uint8Array, splices: readonly Splice[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  let copied = 0;
  for (const { start, end, text } of splices) {
    pieces.push(bytes.subarray(copied, start), Buffer.from(text));
    copied = end;
  }
  pieces.push(bytes.subarray(copied));
  return Buffer.concat(pieces);
}
