/** What the process was given from outside. */
export interface Environment {
  /** By name, as they were at the time of asking. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** True under continuous integration: no questions, no moving lines. */
  readonly isCi: boolean;
  /** True when colours are unwanted (https://no-color.org: `NO_COLOR` set and not empty). */
  readonly noColor: boolean;
}

/** Reads the process's environment variables. Nothing else in the code base does. */
export function readEnvironment(): Environment {
  return describeEnvironment(process.env);
}

/** The same for variables from elsewhere. */
export function describeEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
): Environment {
  const ci = variables["CI"] ?? "";
  return {
    variables: Object.freeze({ ...variables }),
    isCi: ci !== "" && ci !== "0" && ci !== "false",
    noColor: (variables["NO_COLOR"] ?? "") !== "",
  };
}
