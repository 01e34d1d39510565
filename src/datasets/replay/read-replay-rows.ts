import { hash } from "node:crypto";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import type { BypassReason } from "../../cascade/words.ts";
import { ProblemList } from "../import/import-report.ts";
import type { LineFile } from "../rows/line-file.ts";
import { sortReplayLine, type ReplayRow, type ReplayRules } from "./replay-row.ts";

/** What the lines of the files are, before anybody is asked. */
export interface RowSurvey {
  /** Lines that are not blank. */
  readonly lines: number;
  /** Rows that can be asked, each once. */
  readonly eligible: number;
  /** The same row again. */
  readonly repeats: number;
  readonly otherRoute: number;
  readonly notEligible: Readonly<Partial<Record<BypassReason, number>>>;
  readonly problems: ProblemList;
  /** Models that eligible rows name, or are given. */
  readonly requestedModels: readonly string[];
  readonly draw: RowDraw;
}

/** Which of the eligible rows are asked. */
export interface RowDraw {
  readonly rows: number;
  /** Rows whose place is at most this. */
  readonly lastPlace: number;
  /** Probability with which a row was drawn, 0–1. */
  readonly propensity: number;
}

/**
 * Reads all files once.
 *
 * @param count how many rows to draw; null = all
 * @param seed decides which; with the same seed a larger draw holds the smaller one
 * @throws LeadsmanError `interrupted`, or one of the files'
 */
export async function surveyRows(
  files: readonly LineFile[],
  rules: ReplayRules,
  { count, seed }: { readonly count: number | null; readonly seed: string },
  signal: AbortSignal,
): Promise<RowSurvey> {
  const problems = new ProblemList();
  const notEligible: Partial<Record<BypassReason, number>> = {};
  const seen = new Set<string>();
  const models = new Set<string>();
  const places: number[] = [];
  let [lines, repeats, otherRoute] = [0, 0, 0];
  for await (const { file, number, sorted } of sortedLines(files, rules, signal)) {
    lines += 1;
    switch (sorted.kind) {
      case "refused":
        problems.add(file, number, sorted.problem);
        break;
      case "other_route":
        otherRoute += 1;
        break;
      case "not_eligible":
        notEligible[sorted.reason] = (notEligible[sorted.reason] ?? 0) + 1;
        break;
      case "row":
        if (seen.has(sorted.row.itemId)) repeats += 1;
        else places.push(placeOf(sorted.row, seed));
        seen.add(sorted.row.itemId);
        models.add(sorted.row.parsed.value.model);
        break;
    }
  }
  return {
    lines,
    eligible: places.length,
    repeats,
    otherRoute,
    notEligible,
    problems,
    requestedModels: [...models],
    draw: drawOf(places, count),
  };
}

/** The drawn rows, each once, in the order of the files. */
export async function* drawnRows(
  files: readonly LineFile[],
  rules: ReplayRules,
  draw: RowDraw,
  seed: string,
  signal: AbortSignal,
): AsyncGenerator<ReplayRow> {
  const seen = new Set<string>();
  for await (const { sorted } of sortedLines(files, rules, signal)) {
    if (sorted.kind !== "row" || placeOf(sorted.row, seed) > draw.lastPlace) continue;
    if (seen.has(sorted.row.itemId)) continue;
    seen.add(sorted.row.itemId);
    yield sorted.row;
  }
}

/** The rows of these items, drawn or not. Items that the files do not hold are not in the answer. */
export async function rowsOf(
  files: readonly LineFile[],
  rules: ReplayRules,
  itemIds: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ReplayRow>> {
  const rows = new Map<string, ReplayRow>();
  if (itemIds.size === 0) return rows;
  for await (const { sorted } of sortedLines(files, rules, signal)) {
    if (sorted.kind !== "row" || !itemIds.has(sorted.row.itemId)) continue;
    rows.set(sorted.row.itemId, sorted.row);
    if (rows.size === itemIds.size) break;
  }
  return rows;
}

async function* sortedLines(
  files: readonly LineFile[],
  rules: ReplayRules,
  signal: AbortSignal,
): AsyncGenerator<{ file: string; number: number; sorted: ReturnType<typeof sortReplayLine> }> {
  for (const file of files) {
    for await (const lines of file.lines(() => undefined)) {
      for (const line of lines) {
        if (signal.aborted) {
          throw new LeadsmanError("interrupted", "Interrupted while the rows were being read.");
        }
        yield { file: file.name, number: line.number, sorted: sortReplayLine(line, rules) };
      }
    }
  }
}

/** A number from 0 up to 2^48 that only the seed and the row decide. */
function placeOf({ itemId }: ReplayRow, seed: string): number {
  return Number.parseInt(hash("sha256", `${seed}\u0000${itemId}`).slice(0, 12), 16);
}

function drawOf(places: readonly number[], count: number | null): RowDraw {
  if (count === null || count >= places.length) {
    return { rows: places.length, lastPlace: Number.POSITIVE_INFINITY, propensity: 1 };
  }
  const lastPlace = places.toSorted((one, other) => one - other)[count - 1] ?? -1;
  return { rows: count, lastPlace, propensity: count / places.length };
}
