import type { SimulatedWorld } from "../../providers/simulated/simulated-world.ts";
import { createRandom, type Random } from "../../support/random.ts";
import { caseNotes, DESK_SYSTEM_PROMPT } from "./desk-texts.ts";

/** One call of the demonstration's client, in the words of the Messages API. */
export interface DeskRequest {
  readonly isStreaming: boolean;
  readonly params: Readonly<Record<string, unknown>>;
}

/** The model that the client believes to be talking to. */
const DESK_MODEL = "claude-opus-4-7";

/**
 * The request number `index` of a support desk. Most are plain questions; about six in a hundred
 * are of kinds that a triage is not asked about. Equal seeds give equal requests.
 */
export function deskRequest(world: SimulatedWorld, index: number): DeskRequest {
  const random = createRandom(`${world.seed}/desk/${index}`);
  const isStreaming = random() < 0.5;
  const kind = draw(random);
  const question = `${caseNotes(random)}\n\n${world.makeTask(index)}`;
  const params = {
    model: DESK_MODEL,
    max_tokens: 1_024,
    system: DESK_SYSTEM_PROMPT,
    messages: [{ role: "user", content: question }],
  };
  return { isStreaming, params: { ...params, ...KINDS[kind](question) } };
}

type Kind = "plain" | "tools" | "tool_result" | "tiny_answer" | "stop_sequence";

/** Shares of the kinds that are not plain. A prefilled answer is left out: the model rejects it. */
const SHARES: readonly (readonly [Kind, number])[] = [
  ["tools", 0.02],
  ["tool_result", 0.02],
  ["tiny_answer", 0.01],
  ["stop_sequence", 0.01],
];

function draw(random: Random): Kind {
  let rest = random();
  for (const [kind, share] of SHARES) {
    rest -= share;
    if (rest < 0) return kind;
  }
  return "plain";
}

const ORDER_TOOL = {
  name: "find_order",
  description: "Finds an order by its number.",
  input_schema: {
    type: "object",
    properties: { number: { type: "string" } },
    required: ["number"],
  },
};

/** What each kind changes in a plain request. */
const KINDS: Readonly<Record<Kind, (question: string) => Readonly<Record<string, unknown>>>> = {
  plain: () => ({}),
  tools: () => ({ tools: [ORDER_TOOL] }),
  tool_result: (question) => ({
    tools: [ORDER_TOOL],
    messages: [
      { role: "user", content: question },
      {
        role: "assistant",
        content: [
          { type: "tool_use", id: "toolu_1", name: "find_order", input: { number: "412345" } },
        ],
      },
      {
        role: "user",
        content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "Delivered on 3 May." }],
      },
    ],
  }),
  tiny_answer: () => ({ max_tokens: 8 }),
  stop_sequence: () => ({ stop_sequences: ["\n\n"] }),
};
