import type { RequestRecord } from "../../cascade/receipt.ts";

/** Requests drawn for an experiment, by the arm they were drawn into, whatever became of them. */
export interface ExperimentArms {
  /** Share drawn into control, 0–1: the newest one that was in force; null = nobody ever drew. */
  readonly controlShare: number | null;
  readonly control: readonly ArmRequest[];
  readonly cascade: readonly ArmRequest[];
  /** Requests drawn at an earlier share: the arms of one comparison must be drawn alike. */
  readonly otherShares: number;
}

/** A request of one arm. Requests of one unit were drawn together. */
export interface ArmRequest {
  /** The user where one was given, else the body: what the draw went by. */
  readonly unit: string;
  readonly record: RequestRecord;
}

/**
 * Parts requests by their control draw and not by what became of them: a client that left, or an
 * upstream that failed, may be an effect of the arm.
 *
 * @param records newest first
 */
export function experimentArms(records: readonly RequestRecord[]): ExperimentArms {
  const drawn = records.flatMap((record) => {
    const draw = record.draws.find(({ purpose }) => purpose === "control");
    return draw === undefined || draw.propensity === 0 ? [] : [{ record, draw }];
  });
  const controlShare = drawn[0]?.draw.propensity ?? null;
  const alike = drawn.filter(({ draw }) => draw.propensity === controlShare);
  const arm = (isChosen: boolean): readonly ArmRequest[] =>
    alike
      .filter(({ draw }) => draw.isChosen === isChosen)
      .map(({ record, draw }) => ({ record, unit: draw.unit ?? record.bodyHash ?? record.id }));
  return {
    controlShare,
    control: arm(true),
    cascade: arm(false),
    otherShares: drawn.length - alike.length,
  };
}

/** How many units, of which each is one observation of its arm. */
export function unitsIn(requests: readonly ArmRequest[]): number {
  return new Set(requests.map(({ unit }) => unit)).size;
}
