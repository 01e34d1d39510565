import { InvalidArgumentError } from "commander";
import type { RouteMode } from "../cascade/route.ts";
import { parseRouteMode } from "../config/parse-mode.ts";
import { share } from "../config/setting-kinds.ts";
import { isCalendarDay } from "../support/calendar-day.ts";
import { printableText } from "./printable-text.ts";

/** Reads a port, 0–65,535. */
export function portValue(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("Wanted a port from 0 to 65535 (0 takes any free one).");
}

export const MODE_WANTED = 'Wanted off, shadow, live or "canary 5%".';

/** Reads a mode: `off`, `shadow`, `live` or `canary 5%`. */
export function modeValue(text: string): RouteMode {
  const mode = parseRouteMode(text);
  if (mode !== null) return mode;
  throw new InvalidArgumentError(MODE_WANTED);
}

const MAX_NAME_CHARS = 128;

/** Reads the name of a data set or a task, as it is stored and shown. */
export function nameValue(text: string): string {
  const isShowable = printableText(text) === text && text.trim() !== "";
  if (isShowable && text.length <= MAX_NAME_CHARS) return text;
  throw new InvalidArgumentError(
    `Wanted a name of 1 to ${MAX_NAME_CHARS} characters, none of which is a control character.`,
  );
}

/** Reads a number of at least 0. */
export function amountValue(text: string): number {
  const amount = Number(text);
  if (text.trim() !== "" && Number.isFinite(amount) && amount >= 0) return amount;
  throw new InvalidArgumentError("Wanted a number of at least 0.");
}

/** Reads a whole number of at least 0. */
export function wholeNumberValue(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(count)) return count;
  throw new InvalidArgumentError("Wanted a whole number of at least 0.");
}

/** Reads a whole number of at least 1. */
export function countValue(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(count) && count > 0) return count;
  throw new InvalidArgumentError("Wanted a whole number of at least 1.");
}

/** Reads a share: `5%` or a number from 0 to 1. */
export function shareValue(text: string): number {
  const parsed = share().safeParse(text.endsWith("%") ? text : Number(text));
  if (text.trim() !== "" && parsed.success) return parsed.data;
  throw new InvalidArgumentError("Wanted a share such as 5% or 0.05.");
}

const UNIT_MS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * Reads a time: `2026-11-01`, `2026-11-01T09:30Z` (UTC unless it names a zone), or how long ago:
 * `90m`, `24h`, `7d`, `2w`.
 *
 * @returns milliseconds since the epoch
 */
export function timeValue(text: string, nowMs: number): number {
  const ago = /^(\d+)([mhdw])$/.exec(text);
  if (ago !== null) return nowMs - Number(ago[1]) * (UNIT_MS[ago[2] ?? ""] ?? 0);
  const hasZone = /(Z|[+-]\d{2}:?\d{2})$/i.test(text);
  const isIso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}.*)?$/.test(text);
  const timeMs = isIso ? Date.parse(text.includes("T") && !hasZone ? `${text}Z` : text) : NaN;
  if (Number.isFinite(timeMs) && isCalendarDay(text)) return timeMs;
  throw new InvalidArgumentError("Wanted a time such as 2026-11-01, 2026-11-01T09:30Z, 24h or 7d.");
}
