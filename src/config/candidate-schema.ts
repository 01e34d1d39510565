import { z } from "zod";
import { REQUESTED_MODEL, type BodyPolicy, type CandidateModel } from "../cascade/route.ts";
import { isOneModel } from "./one-model.ts";
import { DEFAULT_PROVIDER } from "./provider-schema.ts";
import { settingName, word } from "./setting-kinds.ts";

const MAX_CANDIDATES = 4;
const CANDIDATES = `a list of 0 to ${MAX_CANDIDATES} models`;
const CANDIDATE = "the name of a model or { model, provider }";

const candidate = z
  .union(
    [
      word("the name of a model"),
      z.strictObject({
        model: word("the name of a model").describe("A model id that is none of the tiers'."),
        provider: settingName()
          .prefault(DEFAULT_PROVIDER)
          .describe("Name of one of the `providers` that has an `apiKey`, or is simulated."),
      }),
    ],
    CANDIDATE,
  )
  .transform((given) =>
    typeof given === "string" ? { model: given, provider: DEFAULT_PROVIDER } : given,
  );

export const candidatesSchema: z.ZodType<readonly CandidateModel[]> = z
  .array(candidate, CANDIDATES)
  .max(MAX_CANDIDATES, CANDIDATES)
  .prefault([])
  .describe(
    "Models to try as a middle tier; each a name or an object. They answer nobody: a sample of " +
      "escalated requests is sent to them afterwards, and `report` says whether one would pay.",
  );

/** Members of a route that its candidates must fit. */
interface CandidateSettings {
  readonly candidates: readonly CandidateModel[];
  readonly tiers: readonly { readonly model: string }[];
  readonly judge: { readonly model: string } | null;
  readonly bodies: BodyPolicy;
}

interface CandidateProblem {
  readonly path: (string | number)[];
  readonly code: string;
  readonly message: string;
}

/** What no candidate shows alone. */
export function candidateProblems(route: CandidateSettings): readonly CandidateProblem[] {
  const { candidates, tiers, judge, bodies } = route;
  const problems = candidates.flatMap(({ model }, index): CandidateProblem[] => {
    const path = ["candidates", index];
    const earlier = candidates.slice(0, index);
    const problem = (code: string, message: string): CandidateProblem[] => [
      { path, code, message },
    ];
    if (model === REQUESTED_MODEL) {
      return problem(
        "candidate_requested",
        `is \`${REQUESTED_MODEL}\`: wanted the name of a model.`,
      );
    }
    if (tiers.some((tier) => isOneModel(tier.model, model))) {
      return problem(
        "candidate_is_tier",
        `is ${model}, which is one of the route's tiers already.`,
      );
    }
    if (earlier.some((other) => isOneModel(other.model, model))) {
      return problem("duplicate_candidate", `is ${model}, as an earlier candidate already is.`);
    }
    if (judge === null || !isOneModel(judge.model, model)) return [];
    return problem("judge_is_arm", `is ${model}, the route's judge: nobody judges itself.`);
  });
  if (candidates.length === 0 || bodies !== "none") return problems;
  const message = "is none, but the route has candidates, which are asked by the stored texts.";
  return [...problems, { path: ["bodies"], code: "candidates_without_texts", message }];
}
