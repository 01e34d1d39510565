import type { VerdictProtocol } from "../../cascade/protocols/protocol.ts";
import { createVerdictReader } from "../../cascade/verdict-reader.ts";
import type { VerdictReader, VerdictState } from "../../cascade/verdict.ts";

/**
 * The protocol of classifications for one set of labels: nothing ships before its label is complete
 * and known to be one of them. Another label escalates as an unreadable verdict does.
 */
export function createLabelProtocol(
  field: VerdictProtocol,
  labels: readonly string[],
): VerdictProtocol {
  return { ...field, createReader: () => createLabelReader(labels) };
}

function createLabelReader(labels: readonly string[]): VerdictReader {
  const reader = createVerdictReader({ confidenceField: "confidence", answerField: "label" });
  let state: VerdictState = reader.state;
  const advance = (read: VerdictState): VerdictState => {
    if (state.kind === "complete" || state.kind === "unusable") return state;
    state = read.kind === "complete" ? checked(read, reader.takeAnswerText()) : withheld(read);
    return state;
  };
  const checked = (complete: VerdictState, label: string): VerdictState => {
    if (complete.kind !== "complete" || labels.includes(label)) return complete;
    const { confidence } = complete;
    return { kind: "unusable", problem: "verdict_unreadable", confidence, answerBegan: false };
  };
  return {
    push: (text) => advance(reader.push(text)),
    end: () => advance(reader.end()),
    get state() {
      return state;
    },
    takeAnswerText: () => "",
  };
}

/** A label that has begun is no label yet. */
function withheld(state: VerdictState): VerdictState {
  if (state.kind === "answering") return { kind: "confidence", confidence: state.confidence };
  return state.kind === "unusable" ? { ...state, answerBegan: false } : state;
}
