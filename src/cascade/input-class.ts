import type { ContentBlockParam, MessageRequest } from "../messages/message-request.ts";

/** Characters of the last user text that are looked at, in UTF-16 units. */
const MAX_SAMPLE_CHARS = 2048;

/** Bands of the prompt's text: up to so many UTF-8 bytes, the words for it. */
const LENGTH_BANDS: readonly (readonly [maxBytes: number, name: string])[] = [
  [2_000, "short"],
  [16_000, "medium"],
  [128_000, "long"],
  [Number.POSITIVE_INFINITY, "huge"],
];

/** A script names the text when it has at least this share of its letters; else it is `mixed`. */
const MAIN_SCRIPT_SHARE = 0.8;

/** From so many braces and semicolons on the sample counts as code (or data). */
const MIN_CODE_MARKS = 8;

/**
 * Coarse classes of a request, for slices of a report and storms of escalations:
 *
 * - `length:short` (up to 2,000 bytes of text), `medium` (16,000), `long` (128,000), `huge`
 * - `turns:single`, `few` (up to 5 messages of the user), `many`
 * - `script:latin`, `cyrillic`, `greek`, `hebrew`, `arabic`, `indic`, `thai`, `cjk`, `other`,
 *   `mixed`, `none`, of the last user text
 * - `has:code`, `has:images`, `has:tools`, only where it is so; code is looked for in the last user
 *   text, images in the messages themselves
 *
 * @param promptTextBytes UTF-8 bytes of all text of the prompt
 */
export function inputClasses(request: MessageRequest, promptTextBytes: number): readonly string[] {
  const text = lastUserText(request);
  const look = lookAt(text);
  const classes = [
    `length:${LENGTH_BANDS.find(([maxBytes]) => promptTextBytes <= maxBytes)?.[1] ?? "huge"}`,
    `turns:${turnsBand(request)}`,
    `script:${look.script}`,
  ];
  if (look.codeMarks >= MIN_CODE_MARKS || text.includes("```")) classes.push("has:code");
  if (hasImages(request)) classes.push("has:images");
  if ((request.tools?.length ?? 0) > 0) classes.push("has:tools");
  return classes;
}

function turnsBand({ messages }: MessageRequest): string {
  let turns = 0;
  for (const { role } of messages) if (role === "user") turns += 1;
  if (turns <= 1) return "single";
  return turns <= 5 ? "few" : "many";
}

function lastUserText({ messages }: MessageRequest): string {
  const content = messages.findLast(({ role }) => role === "user")?.content ?? "";
  if (typeof content === "string") return content.slice(0, MAX_SAMPLE_CHARS);
  const last = content.findLast(({ type }) => type === "text");
  return last?.text?.slice(0, MAX_SAMPLE_CHARS) ?? "";
}

function hasImages({ messages }: MessageRequest): boolean {
  return messages.some(({ content }) => typeof content !== "string" && content.some(isImage));
}

function isImage({ type }: ContentBlockParam): boolean {
  return type === "image";
}

function lookAt(text: string): { readonly script: string; readonly codeMarks: number } {
  const letters = SCRIPTS.map(() => 0);
  let total = 0;
  let codeMarks = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x80) {
      const lower = code | 0x20;
      if (lower >= 0x61 && lower <= 0x7a) {
        letters[LATIN] = (letters[LATIN] ?? 0) + 1;
        total += 1;
      } else if (code === 0x7b || code === 0x7d || code === 0x3b) codeMarks += 1;
      continue;
    }
    const script = SCRIPT_OF_BLOCK[code >> BLOCK_BITS] ?? NONE;
    if (script === NONE) continue;
    letters[script] = (letters[script] ?? 0) + 1;
    total += 1;
  }
  return { script: mainScript(letters, total), codeMarks };
}

function mainScript(letters: readonly number[], total: number): string {
  if (total === 0) return "none";
  let main = 0;
  for (let script = 1; script < letters.length; script += 1) {
    if ((letters[script] ?? 0) > (letters[main] ?? 0)) main = script;
  }
  const isMain = (letters[main] ?? 0) >= total * MAIN_SCRIPT_SHARE;
  return isMain ? (SCRIPTS[main] ?? "other") : "mixed";
}

const SCRIPTS = [
  "none",
  "latin",
  "greek",
  "cyrillic",
  "hebrew",
  "arabic",
  "indic",
  "thai",
  "cjk",
  "other",
] as const;
const NONE = SCRIPTS.indexOf("none");
const LATIN = SCRIPTS.indexOf("latin");

/** Scripts by blocks of 64 code units. Coarse at the edges, which is enough for a class. */
const BLOCK_BITS = 6;

/** First and last code unit of the scripts that have a class; other letters are `other`. */
const RANGES: readonly (readonly [script: (typeof SCRIPTS)[number], from: number, to: number])[] = [
  ["none", 0x0080, 0x00bf],
  ["latin", 0x00c0, 0x02ff],
  ["none", 0x0300, 0x037f],
  ["greek", 0x0380, 0x03ff],
  ["cyrillic", 0x0400, 0x057f],
  ["hebrew", 0x0580, 0x05ff],
  ["arabic", 0x0600, 0x077f],
  ["indic", 0x0900, 0x0dff],
  ["thai", 0x0e00, 0x0e7f],
  ["cjk", 0x1100, 0x11ff],
  ["latin", 0x1e00, 0x1eff],
  ["greek", 0x1f00, 0x1fff],
  ["none", 0x2000, 0x2dff],
  ["cjk", 0x3000, 0x4dff],
  ["cjk", 0x4e00, 0x9fff],
  ["cjk", 0xac00, 0xd7ff],
  ["none", 0xd800, 0xf8ff],
  ["cjk", 0xf900, 0xfaff],
  ["arabic", 0xfb80, 0xfdff],
  ["none", 0xfe00, 0xffff],
];

const SCRIPT_OF_BLOCK: Uint8Array = scriptTable();

function scriptTable(): Uint8Array {
  const table = new Uint8Array(0x10000 >> BLOCK_BITS).fill(SCRIPTS.indexOf("other"));
  for (const [script, from, to] of RANGES) {
    table.fill(SCRIPTS.indexOf(script), from >> BLOCK_BITS, (to >> BLOCK_BITS) + 1);
  }
  return table;
}
