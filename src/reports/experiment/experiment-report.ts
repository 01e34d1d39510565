import type { RequestRecord } from "../../cascade/receipt.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Evidence } from "../../ledger/records/evidence.ts";
import { oneOfEachCluster } from "../evidence/read-counted-evidence.ts";
import { isSimulated } from "../status-report.ts";
import { describeArms, type ArmReadOuts } from "./arm-read-outs.ts";
import { experimentArms } from "./experiment-arms.ts";
import { describePairs, type PairedReadOut } from "./paired-read-out.ts";
import { describeHealth, type SampleHealth } from "./sample-health.ts";

export interface ExperimentReportOptions {
  /** Inclusive, epoch milliseconds. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  /** By name. */
  readonly routes: readonly string[];
}

/** What the control arm and the shadow pairs of routes say of the cascade against the deep model. */
export interface ExperimentReport {
  readonly fromMs: number;
  readonly toMs: number;
  readonly routes: readonly RouteExperiment[];
}

export interface RouteExperiment extends ArmReadOuts {
  readonly route: string;
  readonly isSimulated: boolean;
  /** Requests treated live that were read, newest first. */
  readonly requests: number;
  /** Whether that is all there are in the time. */
  readonly isComplete: boolean;
  /** Thresholds that were in force, lowest first: more than one are more than one treatment. */
  readonly thresholds: readonly number[];
  readonly sample: SampleHealth;
  readonly paired: PairedReadOut;
}

type ExperimentReader = Pick<Ledger, "requests" | "evidence">;

/** Reads single records, since whose they are is in no roll-up. */
export async function buildExperimentReport(
  ledger: ExperimentReader,
  { fromMs, toMs, routes }: ExperimentReportOptions,
): Promise<ExperimentReport> {
  const read: RouteExperiment[] = [];
  for (const route of routes) {
    const filter = { fromMs, toMs, route };
    const { rows: found, isComplete } = await readPages((limit, after) =>
      ledger.requests(filter, limit, after),
    );
    const records = found.filter(isTreatedLive);
    const items = (await readPages((limit, after) => ledger.evidence(filter, limit, after))).rows;
    const evidence = items.filter(({ source }) => source === "traffic");
    read.push(describeRoute(route, records, evidence, isComplete));
  }
  return { fromMs, toMs, routes: read };
}

function describeRoute(
  route: string,
  records: readonly RequestRecord[],
  evidence: readonly Evidence[],
  isComplete: boolean,
): RouteExperiment {
  const arms = experimentArms(records);
  const thresholds = new Set(records.flatMap(({ threshold }) => threshold ?? []));
  return {
    ...{ route, isComplete },
    isSimulated: records.some(isSimulated),
    requests: records.length,
    thresholds: [...thresholds].toSorted((a, b) => a - b),
    sample: describeHealth(arms),
    paired: describePairs(records, oneOfEachCluster(evidence)),
    ...describeArms(arms, evidence),
  };
}

/** Only what could have become of either arm: no bypass, no shadow. */
function isTreatedLive({ kind, mode, draws }: RequestRecord): boolean {
  return (
    kind === "messages" && mode === "live" && draws.some(({ purpose }) => purpose === "control")
  );
}

/** Rows of a route that are looked at, newest first: some hundred megabytes while they are. */
const MOST_ROWS = 100_000;
const PAGE_ROWS = 1_000;

async function readPages<Row>(
  read: (
    limit: number,
    after: string | undefined,
  ) => Promise<{ readonly rows: readonly Row[]; readonly next: string | null }>,
): Promise<{ readonly rows: readonly Row[]; readonly isComplete: boolean }> {
  const rows: Row[] = [];
  let after: string | undefined;
  while (rows.length < MOST_ROWS) {
    const page = await read(PAGE_ROWS, after);
    rows.push(...page.rows);
    if (page.next === null) return { rows, isComplete: true };
    after = page.next;
  }
  return { rows, isComplete: false };
}
