import { z } from "zod";

/**
 * Builders for the leaves of the configuration. Each takes, as its zod error, the phrase that
 * completes "… must be": the file's problems are put together from it. Values that come from
 * environment variables are text, so numbers and flags also take the text of one.
 */

export function wholeNumber(min: number, max: number, noun: string): z.ZodType<number> {
  const wanted = `${noun} from ${min} to ${max}`;
  const number = z.int(wanted).min(min, wanted).max(max, wanted);
  return z.preprocess(numberFromText, number).meta({ title: wanted });
}

/** Milliseconds; a day at most, as longer ones overflow no timer but help nobody. */
export function milliseconds(min = 1): z.ZodType<number> {
  return wholeNumber(min, 86_400_000, "a whole number of milliseconds");
}

/** A number that may have decimals. */
export function amount(min: number, max: number, wanted: string): z.ZodType<number> {
  const number = z.number(wanted).min(min, wanted).max(max, wanted);
  return z.preprocess(numberFromText, number).meta({ title: wanted });
}

const SHARE = "a share such as 5% or 0.05, from 0% to 100%";
const SHARE_TEXT = /^(\d{1,3}(\.\d+)?\s?%|[01](\.\d+)?)$/;

/** 0–1, or a percentage as text. */
export function share(): z.ZodType<number> {
  const number = z.number(SHARE).min(0, SHARE).max(1, SHARE);
  const text = z.string(SHARE).regex(SHARE_TEXT, SHARE).transform(shareFromText);
  return z
    .union([number, text], SHARE)
    .refine((value) => value <= 1, SHARE)
    .meta({ title: "a share such as 5%" });
}

const THRESHOLD = "a number from 0 to 1 or the word never";
export const NEVER_WORD = "never";

/** 0–1, or the word `never`, which stays a word. */
export function threshold(): z.ZodType<number | typeof NEVER_WORD> {
  const number = z.number(THRESHOLD).min(0, THRESHOLD).max(1, THRESHOLD);
  return z
    .union([z.preprocess(numberFromText, number), z.literal(NEVER_WORD)], THRESHOLD)
    .meta({ title: THRESHOLD });
}

const BYTES_TEXT = /^(\d{1,12}(?:\.\d{1,6})?)\s?(B|KiB|MiB|GiB)$/;
const BYTES_OF_UNIT: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/** A whole number of bytes, or text such as `32 MiB`. */
export function byteCount(min: number, max: number): z.ZodType<number> {
  const wanted = `a number of bytes such as 1048576 or 1 MiB, from ${min} to ${max}`;
  const plain = z.preprocess(numberFromText, z.int(wanted));
  const text = z.string(wanted).regex(BYTES_TEXT, wanted).transform(bytesFromText);
  return z
    .union([plain, text], wanted)
    .refine((bytes) => bytes >= min && bytes <= max, wanted)
    .meta({ title: "bytes, as a number or text such as 1 MiB" });
}

export function flag(): z.ZodType<boolean> {
  const toFlag = (value: unknown): unknown =>
    value === "true" ? true : value === "false" ? false : value;
  return z.preprocess(toFlag, z.boolean("true or false")).meta({ title: "true or false" });
}

export function oneOf<const Words extends readonly [string, ...string[]]>(
  words: Words,
): z.ZodType<Words[number]> {
  const wanted = words.length === 1 ? words[0] : `one of ${words.join(", ")}`;
  return z.enum(words, wanted).meta({ title: wanted });
}

/** Text of one line, up to 256 characters, without blanks at its ends. */
export function word(wanted: string): z.ZodType<string> {
  return z
    .string(wanted)
    .regex(/^\S(.{0,254}\S)?$/, wanted)
    .meta({ title: wanted });
}

/** Names that people give: they become part of headers, metrics and virtual model names. */
export const NAME_PATTERN: RegExp = /^[a-z0-9][a-z0-9_-]{0,63}$/;
export const NAME_WANTED = "1 to 64 of a-z, 0-9, _ and -, beginning with a letter or digit";

export function settingName(): z.ZodType<string> {
  return z.string(NAME_WANTED).regex(NAME_PATTERN, NAME_WANTED).meta({ title: "a name" });
}

/** Text that can stand in an HTTP header. */
export function secret(wanted: string): z.ZodType<string> {
  return z
    .string(wanted)
    .regex(/^[\x21-\x7e]{1,4096}$/, wanted)
    .meta({ title: wanted });
}

function numberFromText(value: unknown): unknown {
  return typeof value === "string" && /^-?\d{1,15}(\.\d{1,15})?$/.test(value)
    ? Number(value)
    : value;
}

/** `1.1%` is the double nearest to 0.011, which a division by 100 would miss. */
function shareFromText(text: string): number {
  return text.endsWith("%") ? Number(`${text.slice(0, -1).trim()}e-2`) : Number(text);
}

function bytesFromText(text: string): number {
  const [, digits, unit] = BYTES_TEXT.exec(text) ?? [];
  return Math.round(Number(digits) * (BYTES_OF_UNIT[unit ?? ""] ?? NaN));
}
