import type { TriageCount } from "../../ledger/records/evidence.ts";
import { observedShare, type ObservedShare } from "../observed-share.ts";

/** What all triages of a tier stated, graded or not. */
export interface StatedConfidence {
  readonly triages: number;
  /** Without a confidence that counts: they escalate at every threshold. */
  readonly without: number;
  /** One per stated value, lowest first. */
  readonly atoms: readonly StatedAtom[];
  /** The most frequent value, of the triages with a confidence; null without any. */
  readonly largest: (ObservedShare & { readonly confidence: number }) | null;
}

export interface StatedAtom {
  /** 0–1, as stated. */
  readonly confidence: number;
  readonly triages: number;
  /** Of those, triages that failed in another way and could ship at no threshold. */
  readonly failed: number;
  readonly isAboveThreshold: boolean;
}

export function describeStated(
  triages: readonly TriageCount[],
  threshold: number | null,
): StatedConfidence {
  const byConfidence = Map.groupBy(triages, ({ confidence }) => confidence);
  const atoms = [...byConfidence]
    .flatMap(([confidence, rows]): StatedAtom[] => {
      if (confidence === null) return [];
      const failed = rows.filter(
        ({ failureCode }) => failureCode !== null && failureCode !== "low_confidence",
      );
      const isAboveThreshold = threshold !== null && confidence >= threshold;
      return [{ confidence, triages: sum(rows), failed: sum(failed), isAboveThreshold }];
    })
    .toSorted((a, b) => a.confidence - b.confidence);
  const withConfidence = sum(atoms);
  const largest = atoms.reduce<StatedAtom | null>(
    (most, atom) => (most === null || atom.triages > most.triages ? atom : most),
    null,
  );
  return {
    triages: sum(triages),
    without: sum(triages) - withConfidence,
    atoms,
    largest:
      largest === null
        ? null
        : {
            confidence: largest.confidence,
            ...observedShare(largest.triages, withConfidence),
          },
  };
}

function sum(rows: readonly { readonly triages: number }[]): number {
  return rows.reduce((total, { triages }) => total + triages, 0);
}
