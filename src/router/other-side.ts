import type { NanoUsd } from "../catalogue/cost.ts";
import type { Attempt, PairSide, ShadowPair } from "../cascade/receipt.ts";
import type { LedgerEntry } from "../ledger/ledger.ts";
import type { BackgroundCall } from "./background-calls.ts";
import { evidenceEntries } from "./evidence-entries.ts";
import type { Flight } from "./flight.ts";
import { callForLearning, lastTierTarget } from "./last-tier.ts";
import { answerEntry, keepsBodies, storedAnswerOf, type StoredAnswer } from "./settle.ts";
import { isPending, missingSide, sideOf } from "./shadow-pairs.ts";
import { startTriage } from "./start-triage.ts";
import type { TriageReading } from "./triage-reading.ts";

/** Triages in the background what the deep model has answered. */
export function fetchCheapSide(flight: Flight, pair: ShadowPair): void {
  fetchSide(flight, pair, "cheap", async (signal) => {
    const { attempt, reading } = await triageToEnd(flight, signal);
    return {
      attempt,
      side: cheapSideOf(attempt, reading),
      answers: storedAnswerOf(attempt, reading),
    };
  });
}

/** Asks the deep model in the background for what a cheap answer has settled. */
export function fetchDeepSide(flight: Flight, pair: ShadowPair): void {
  fetchSide(flight, pair, "deep", async (signal) => {
    const { attempt, message } = await callForLearning(
      flight,
      lastTierTarget(flight, true),
      signal,
    );
    const answers = message === null ? [] : [{ attempt: attempt.index, message }];
    return { attempt, side: sideOf(attempt), answers };
  });
}

/** A near miss that is read to its end although its decision has fallen. */
export interface RunOn {
  readonly attempt: Promise<Attempt>;
  /** It had ended by then, so that the request's record holds it. */
  readonly isBooked: boolean;
  readonly reading: TriageReading;
}

/** Completes a pair with a triage that was read to its end beside the deep call. */
export async function finishRunOn(flight: Flight, pair: ShadowPair, runOn: RunOn): Promise<void> {
  const { reading, isBooked } = runOn;
  const attempt = await runOn.attempt;
  const cheap = pair.deep.missing === null ? cheapSideOf(attempt, reading) : pair.cheap;
  const answers = storedAnswerOf(attempt, reading);
  await book(flight, { ...pair, cheap }, isBooked ? null : attempt, answers);
}

interface FetchedSide {
  readonly attempt: Attempt;
  readonly side: PairSide;
  readonly answers: readonly StoredAnswer[];
}

function fetchSide(
  flight: Flight,
  pair: ShadowPair,
  which: "cheap" | "deep",
  fetch: (signal: AbortSignal) => Promise<FetchedSide>,
): void {
  if (!isPending(pair) || flight.active === null) return;
  const { environment, request, active } = flight;
  const call: BackgroundCall = {
    route: active.route.name,
    bytes: request.parsed.bytes.length,
    usdPerDay: active.route.limits.backgroundUsdPerDay,
    run: async (signal): Promise<NanoUsd | null> => {
      const { attempt, side, answers } = await fetch(signal);
      await book(flight, { ...pair, [which]: side }, attempt, answers);
      return attempt.costNanoUsd;
    },
    giveUp: (reason) => book(flight, { ...pair, [which]: missingSide(reason) }, null, []),
  };
  environment.background.add(call);
}

/** Books what came after the request's record: the attempt's cost, its answer, the whole pair. */
async function book(
  flight: Flight,
  pair: ShadowPair,
  attempt: Attempt | null,
  answers: readonly StoredAnswer[],
): Promise<void> {
  const { environment, draft, active } = flight;
  const requestId = draft.head.id;
  const entries: LedgerEntry[] = [{ kind: "pair", pair }];
  if (attempt !== null) entries.push({ kind: "attempt", requestId, attempt });
  if (active !== null && active.route.bodies !== "none") {
    for (const answer of answers) entries.push(answerEntry(requestId, answer));
  }
  entries.push(...evidenceEntries(flight, pair, attempt === null ? [] : [attempt]));
  await environment.committer.commit(entries);
}

/** One triage of the first tier, read to its end whatever it says. */
async function triageToEnd(
  flight: Flight,
  signal: AbortSignal,
): Promise<{ attempt: Attempt; reading: TriageReading }> {
  let resolveRunOn: (attempt: Attempt) => void = () => undefined;
  const runOn = new Promise<Attempt>((resolve) => {
    resolveRunOn = resolve;
  });
  const { call, reading } = startTriage(flight, {
    tier: 0,
    role: "shadow_triage",
    answer: { begin: () => undefined, advance: () => undefined },
    keepsMessage: keepsBodies(flight, true),
    onSent: () => undefined,
    mayRunOn: () => true,
    onRunOn: resolveRunOn,
  });
  signal.addEventListener(
    "abort",
    () => {
      call.abandon();
    },
    { once: true },
  );
  const result = await call.result;
  const attempt = result.attempt ?? (await runOn);
  return { attempt, reading };
}

/** A cheap side without a usable answer says what the verdict lacked, and keeps its confidence. */
function cheapSideOf(attempt: Attempt, reading: TriageReading): PairSide {
  const side = sideOf(attempt);
  if (side.missing !== null || reading.verdict.kind !== "unusable") return side;
  const missing = reading.verdict.problem === "null_answer" ? "null_answer" : "unreadable";
  return { ...side, attempt: null, missing };
}
