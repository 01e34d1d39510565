import type { CalibrationBar } from "../evidence/calibration-report.ts";
import type { GradedDifferences } from "../evidence/difference-report.ts";
import type { ThresholdPoint } from "../evidence/risk-coverage-report.ts";
import type { StatedAtom } from "../evidence/stated-confidence.ts";
import type { PathLatency } from "../latency-report.ts";
import type { ShareInterval } from "../../statistics/wilson-interval.ts";

/**
 * What a picture of a section shows: the report's own values, the same as in its table. Text forms of
 * a report leave pictures out, since the table holds their numbers: all but how far along the curve of
 * graded answers a threshold lies (`coverage`).
 */
export type ReportFigure =
  /** Stated confidence against the share of right answers. */
  | { readonly kind: "reliability"; readonly bars: readonly CalibrationBar[] }
  /** Wrong of what ships against the share that ships, as ties may be read. */
  | {
      readonly kind: "risk_coverage";
      readonly points: readonly ThresholdPoint[];
      /** Wrong when as many ship by lot; null = not known yet. */
      readonly shuffledShare: number | null;
    }
  /** What each threshold costs and how much of what it ships is wrong. */
  | {
      readonly kind: "cost_risk";
      readonly points: readonly ThresholdPoint[];
      readonly limit: FigureLimit | null;
    }
  /** How many triages stated what. */
  | {
      readonly kind: "stated";
      readonly atoms: readonly StatedAtom[];
      readonly threshold: number | null;
    }
  /** Rates with their intervals, one below the other. */
  | {
      readonly kind: "shares";
      readonly rows: readonly ShareRow[];
      readonly limit: number;
      /** What they are rates of. */
      readonly rate: string;
    }
  | { readonly kind: "savings"; readonly steps: readonly MoneyStep[] }
  | { readonly kind: "latency"; readonly paths: readonly PathLatency[] }
  /** Who was right where the models differ. */
  | { readonly kind: "differences"; readonly graded: readonly GradedDifferences[] };

/** What is allowed: of shipped answers, or of all requests, so that fewer shipped may be worse. */
export interface FigureLimit {
  readonly target: "joint" | "selective";
  /** 0–1. */
  readonly atMost: number;
}

export interface ShareRow {
  readonly name: string;
  /** 0–1; null = not known yet. */
  readonly share: number | null;
  readonly interval: ShareInterval | null;
  /** About so many make it known; null = it is known, or no number is in sight. */
  readonly moreGrades: number | null;
}

/** A part of a sum of money, or the sum itself. */
export interface MoneyStep {
  readonly name: string;
  readonly nanoUsd: bigint;
  readonly isSum: boolean;
}
