import type { Message, StopReason } from "../../messages/message.ts";
import { createRandom } from "../../support/random.ts";
import { fillSchema } from "./fill-schema.ts";
import type { FaultPlace, SimulatedFault } from "./simulated-fault.ts";
import { simulatedJudgement } from "./simulated-judgement.ts";
import { countTokens } from "./simulated-request.ts";
import type { SimulatedRequest } from "./simulated-request.ts";
import type { SimulatedAnswer, SimulatedWorld } from "./simulated-world.ts";

/** What a simulated model says to a request, and how long it takes. */
export interface SimulatedMessage {
  readonly message: Message;
  /** The text of the only text block; empty when there is none. */
  readonly text: string;
  readonly firstTokenMs: number;
  readonly outputTokensPerSecond: number;
}

/** A model that thinks spends so many tokens on it before it writes. */
const THINKING_TOKENS = 40;

/** Stands for the signature of a thinking block, whose text the API leaves out. */
export const THINKING_SIGNATURE = "c2ltdWxhdGVk";

/**
 * Answers a request. Pure: the same world, request and name give the same message.
 *
 * @param name distinguishes this call from others; it becomes part of the ids and of the jitter
 */
export function simulateMessage(
  world: SimulatedWorld,
  simulated: SimulatedRequest,
  fault: SimulatedFault | null,
  name: string,
): SimulatedMessage {
  const { model, isThinking } = simulated;
  const written = writtenText(world, simulated, fault);
  const thinkingTokens = isThinking ? THINKING_TOKENS : 0;
  const { text, stopReason, stopSequence } = cutText(written, simulated, fault, thinkingTokens);
  const hasText = text !== "" && fault?.kind !== "empty";
  const outputTokens = thinkingTokens + (hasText ? countTokens(text, model) : 2);
  const random = createRandom(`${world.seed}/time/${name}`);
  return {
    text,
    firstTokenMs: model.firstTokenMs * (0.7 + 0.8 * random() * random()),
    outputTokensPerSecond: model.outputTokensPerSecond * (0.85 + 0.3 * random()),
    message: {
      id: `msg_sim_${name}`,
      type: "message",
      role: "assistant",
      model: model.reportedName,
      content: [
        ...(isThinking ? [{ type: "thinking", thinking: "", signature: THINKING_SIGNATURE }] : []),
        ...(hasText ? [{ type: "text", text }] : []),
      ],
      stop_reason: stopReason,
      stop_sequence: stopSequence,
      ...(stopReason === "refusal" ? { stop_details: REFUSAL_DETAILS } : {}),
      usage: {
        input_tokens: simulated.inputTokens,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        output_tokens: outputTokens,
        service_tier: "standard",
      },
    },
  };
}

const REFUSAL_DETAILS = {
  type: "refusal",
  category: "general_harms",
  explanation: "(simulated) The model declined to go on.",
};

/** How many characters of a text come before the place. */
export function charactersBefore(place: FaultPlace, text: string): number {
  if (place === "start" || typeof place === "object") return 0;
  const number = /"confidence"\s*:\s*"?-?\d?\.?/.exec(text);
  const verdictEnd = number === null ? Math.min(4, text.length) : number.index + number[0].length;
  if (place === "verdict") return verdictEnd;
  const answerStart = /"answer"\s*:\s*/.exec(text);
  const from = answerStart === null ? verdictEnd : answerStart.index + answerStart[0].length;
  return Math.ceil((from + text.length) / 2);
}

function writtenText(
  world: SimulatedWorld,
  { model, prompt, schema, isTriage }: SimulatedRequest,
  fault: SimulatedFault | null,
): string {
  if (fault?.kind === "text") return fault.text;
  if (fault?.kind === "empty") return "";
  const judgement = schema === null ? null : simulatedJudgement(world, schema, prompt);
  if (judgement !== null) return JSON.stringify(judgement);
  const answer = world.answer(model.name, prompt);
  if (isTriage) return verdictText(answer);
  return schema === null ? answer.text : JSON.stringify(fillSchema(schema, answer, prompt));
}

/** Confidence first, as a model under a schema with both members required writes it. */
function verdictText({ confidence, willAnswer, text }: SimulatedAnswer): string {
  return JSON.stringify({ confidence, answer: willAnswer ? text : null });
}

interface CutText {
  readonly text: string;
  readonly stopReason: StopReason;
  readonly stopSequence: string | null;
}

function cutText(
  written: string,
  { request, model }: SimulatedRequest,
  fault: SimulatedFault | null,
  thinkingTokens: number,
): CutText {
  let best: CutText = { text: written, stopReason: "end_turn", stopSequence: null };
  for (const sequence of request.stop_sequences ?? []) {
    const at = sequence === "" ? -1 : best.text.indexOf(sequence);
    if (at < 0) continue;
    best = { text: best.text.slice(0, at), stopReason: "stop_sequence", stopSequence: sequence };
  }
  if (fault?.kind === "stop") {
    const text = wholeCharacters(best.text.slice(0, charactersBefore(fault.at, best.text)));
    best = { text, stopReason: fault.reason, stopSequence: null };
  }
  const room = request.max_tokens - thinkingTokens;
  if (countTokens(best.text, model) <= room) return best;
  const bytes = Math.max(0, Math.floor((room * 4) / model.tokenizerFactor));
  const kept = Buffer.from(best.text)
    .subarray(0, bytes)
    .toString("utf8")
    .replace(/\uFFFD+$/, "");
  return { text: kept, stopReason: "max_tokens", stopSequence: null };
}

/** Without the first half of a surrogate pair at the end. */
export function wholeCharacters(text: string): string {
  return /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text;
}
