/** How hard a task is; the accuracy of a model is a table over these. */
export const DIFFICULTIES = ["trivial", "easy", "moderate", "hard", "expert"] as const;
export type Difficulty = (typeof DIFFICULTIES)[number];

/** What a simulated model can and cannot do, and how fast. */
export interface SimulatedModel {
  /** Name in requests. */
  readonly name: string;
  /** Name in answers: an undated alias is answered with the dated snapshot behind it. */
  readonly reportedName: string;
  /** Share of right answers. Inside the range of `CONFIDENCE_ATOMS`. Invented, but ordered. */
  readonly accuracy: Readonly<Record<Difficulty, number>>;
  /** Typical time to the first token, in milliseconds. */
  readonly firstTokenMs: number;
  /** Typical output speed, tokens per second. */
  readonly outputTokensPerSecond: number;
  /** Tokens for a text, relative to the tokenizer of the models before Opus 4.7. */
  readonly tokenizerFactor: number;
  /** Input tokens the model can read. */
  readonly contextTokens: number;
  readonly maxOutputTokens: number;
  /** Thinks unless told not to. */
  readonly thinksByDefault: boolean;
}

/**
 * The round numbers that models state when asked for a confidence; a simulated model states no
 * other. Real ones clump like this too, which is why a threshold has few useful positions.
 */
export const CONFIDENCE_ATOMS: readonly number[] = [
  0.2, 0.35, 0.6, 0.72, 0.85, 0.92, 0.95, 0.98, 0.99,
];

// Speeds: published measurements scatter threefold; these lie in the middle of what was reported
// for Haiku 4.5, Sonnet 4.5/4.6, Opus 4.x and Opus 5.5. Haiku 5.5 has no published figure.
const MODELS: readonly SimulatedModel[] = [
  {
    name: "claude-haiku-4-5",
    reportedName: "claude-haiku-4-5-20251001",
    accuracy: { trivial: 0.975, easy: 0.94, moderate: 0.86, hard: 0.6, expert: 0.42 },
    firstTokenMs: 500,
    outputTokensPerSecond: 80,
    tokenizerFactor: 1,
    contextTokens: 200_000,
    maxOutputTokens: 64_000,
    thinksByDefault: false,
  },
  {
    name: "claude-sonnet-4-6",
    reportedName: "claude-sonnet-4-6",
    accuracy: { trivial: 0.98, easy: 0.96, moderate: 0.91, hard: 0.76, expert: 0.6 },
    firstTokenMs: 1_400,
    outputTokensPerSecond: 60,
    tokenizerFactor: 1,
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    thinksByDefault: false,
  },
  {
    name: "claude-opus-4-7",
    reportedName: "claude-opus-4-7",
    accuracy: { trivial: 0.985, easy: 0.975, moderate: 0.945, hard: 0.88, expert: 0.78 },
    firstTokenMs: 2_200,
    outputTokensPerSecond: 45,
    tokenizerFactor: 1.3,
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    thinksByDefault: false,
  },
  {
    name: "claude-haiku-5-5",
    reportedName: "claude-haiku-5-5",
    accuracy: { trivial: 0.978, easy: 0.95, moderate: 0.885, hard: 0.68, expert: 0.5 },
    firstTokenMs: 350,
    outputTokensPerSecond: 140,
    tokenizerFactor: 1.3,
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    thinksByDefault: true,
  },
  {
    name: "claude-opus-5-5",
    reportedName: "claude-opus-5-5",
    accuracy: { trivial: 0.987, easy: 0.98, moderate: 0.96, hard: 0.92, expert: 0.85 },
    firstTokenMs: 2_000,
    outputTokensPerSecond: 90,
    tokenizerFactor: 1.3,
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    thinksByDefault: true,
  },
];

/** Names that are Claude models, though none of those above: they get a profile in the middle. */
const OTHER_CLAUDE_MODEL = /^claude-(haiku|sonnet|opus|fable)-[0-9][0-9a-z.-]*$/;

/** The model behind a name, or null when no such model exists. */
export function simulatedModel(name: string): SimulatedModel | null {
  for (const model of MODELS) {
    if (model.name === name || model.reportedName === name) return model;
  }
  if (!OTHER_CLAUDE_MODEL.test(name)) return null;
  return {
    name,
    reportedName: name,
    accuracy: { trivial: 0.98, easy: 0.96, moderate: 0.91, hard: 0.75, expert: 0.6 },
    firstTokenMs: 1_200,
    outputTokensPerSecond: 60,
    tokenizerFactor: 1.3,
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    thinksByDefault: false,
  };
}

/** Names of the models that have a profile of their own, cheapest family first. */
export function simulatedModelNames(): readonly string[] {
  return MODELS.map((model) => model.name);
}
