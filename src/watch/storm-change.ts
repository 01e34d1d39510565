import type { StormChange } from "./storm-suspect.ts";

/** What was last changed about a route, as its requests show it. */
export interface ChangeTrace {
  note(seen: SeenRequest): void;
  /** The last change, if it is not older. */
  since(fromMs: number): StormChange | null;
  store(): StoredChange;
}

/** Of a request; null = not known. */
interface SeenRequest extends Pick<StoredChange, "model" | "promptHash" | "threshold"> {
  readonly atMs: number;
}

/** Plain JSON. */
export interface StoredChange {
  readonly model: string | null;
  readonly promptHash: string | null;
  /** Absent in what was stored before thresholds were noted. */
  readonly threshold?: number | null;
  readonly changedAtMs: number;
  readonly change: StormChange | null;
}

/** When the model that answers, or the prompt, last became another one, or the threshold went up. */
export function createChangeTrace(stored: StoredChange | null): ChangeTrace {
  let model = stored?.model ?? null;
  let promptHash = stored?.promptHash ?? null;
  let threshold = stored?.threshold ?? null;
  let changedAtMs = stored?.changedAtMs ?? 0;
  let change = stored?.change ?? null;
  function noteThreshold(seen: number, atMs: number): void {
    if (threshold !== null && seen > threshold) {
      change = "threshold_raise";
      changedAtMs = atMs;
    }
    threshold = seen;
  }
  return {
    note: (seen) => {
      if (typeof seen.threshold === "number") noteThreshold(seen.threshold, seen.atMs);
      const isModel = seen.model !== null && seen.model !== model;
      const isPrompt = seen.promptHash !== null && seen.promptHash !== promptHash;
      if (!isModel && !isPrompt) return;
      const isFirst = isModel ? model === null : promptHash === null;
      if (!isFirst) {
        change = isModel ? "model_change" : "prompt_change";
        changedAtMs = seen.atMs;
      }
      model = seen.model ?? model;
      promptHash = seen.promptHash ?? promptHash;
    },
    since: (fromMs) => (change !== null && changedAtMs >= fromMs ? change : null),
    store: () => ({ model, promptHash, threshold, changedAtMs, change }),
  };
}
