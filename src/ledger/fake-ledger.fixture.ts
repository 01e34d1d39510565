import type { Ledger } from "./ledger.ts";

/**
 * A ledger that can do the given parts only: anything else that is asked of it fails the test.
 *
 * @param whose what is under test, for the message
 */
export function fakeLedger(whose: string, parts: Partial<Ledger>): Ledger {
  const refuse = (): never => {
    throw new Error(`${whose} has no business there`);
  };
  return {
    append: refuse,
    request: refuse,
    pair: refuse,
    body: refuse,
    requests: refuse,
    pairs: refuse,
    totals: refuse,
    trafficSums: refuse,
    backgroundSpend: refuse,
    saveRouteVersion: refuse,
    routeVersion: refuse,
    addThresholdVersion: refuse,
    thresholdVersions: refuse,
    addModeChange: refuse,
    modeChanges: refuse,
    addTuningLook: refuse,
    tuningLooks: refuse,
    settingsCounter: refuse,
    evidenceOf: refuse,
    evidence: refuse,
    evidenceCounts: refuse,
    answerCounts: refuse,
    triageCounts: refuse,
    grades: refuse,
    gradesBy: refuse,
    importItems: refuse,
    leaseJobs: refuse,
    job: refuse,
    jobCounts: refuse,
    openBatches: refuse,
    watchStates: refuse,
    gradedSince: refuse,
    alerts: refuse,
    alert: refuse,
    expirePendingPairs: refuse,
    purgeBodies: refuse,
    bodiesOlderThan: refuse,
    datasetSize: refuse,
    purgeDataset: refuse,
    purgeJobs: refuse,
    backup: refuse,
    health: refuse,
    close: refuse,
    ...parts,
  };
}
