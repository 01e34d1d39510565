/** One thing that is wrong with the configuration. */
export interface ConfigProblem {
  readonly code: ConfigProblemCode;
  /** The file as it was named; null when the trouble is not in a file. */
  readonly file: string | null;
  /** From 1; null when there is no place to point at. */
  readonly line: number | null;
  /** From 1; null when there is no place to point at. */
  readonly column: number | null;
  /** Such as `routes[0].threshold`; empty when it is about the whole file. */
  readonly path: string;
  /** What was wanted and what was found. Never contains a secret. */
  readonly sentence: string;
  /** The nearest valid name; null when none is near. */
  readonly didYouMean: string | null;
}

export const CONFIG_PROBLEM_CODES = [
  "file_missing",
  "file_unreadable",
  "file_too_large",
  "yaml_invalid",
  "duplicate_key",
  "variable_unset",
  "variable_malformed",
  "unknown_setting",
  "missing_setting",
  "wrong_value",
  "token_required",
  "unknown_provider",
  "judge_is_arm",
  "judge_without_key",
  "judge_missing",
  "candidate_requested",
  "candidate_is_tier",
  "candidate_without_key",
  "candidates_without_texts",
  "duplicate_candidate",
  "compare_ambiguous",
  "duplicate_route",
  "last_tier_threshold",
  "requested_not_last",
  "auth_and_key",
  "channel_setting",
  "channel_without_tls",
  "duplicate_channel",
  "unknown_route",
] as const;
export type ConfigProblemCode = (typeof CONFIG_PROBLEM_CODES)[number];

/** One line per problem: `leadsman.yaml:7:5  … is not a setting. Did you mean "threshold"?` */
export function formatProblems(problems: readonly ConfigProblem[]): string {
  return problems.map(formatProblem).join("\n");
}

function formatProblem(problem: ConfigProblem): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== null);
  const hint = problem.didYouMean === null ? "" : ` Did you mean "${problem.didYouMean}"?`;
  const start = place.length === 0 ? "" : `${place.join(":")}  `;
  return start + problem.sentence + hint;
}
