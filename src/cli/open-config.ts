import { resolve } from "node:path";
import { formatProblems } from "../config/config-problem.ts";
import { loadConfig, readConfigFile } from "../config/load-config.ts";
import type { LoadConfigOptions, LoadedConfig } from "../config/load-config.ts";
import { ROUTE_NAME, unknownName } from "../config/unknown-name.ts";
import { LeadsmanError } from "../support/leadsman-error.ts";
import type { Result } from "../support/result.ts";
import type { ConfigProblem } from "../config/config-problem.ts";
import type { CommandContext } from "./command-context.ts";

export type ConfigOverrides = NonNullable<LoadConfigOptions["overrides"]>;

/**
 * The configuration that a command works with.
 *
 * @throws LeadsmanError `config_invalid` with a line per problem
 */
export function openConfig(context: CommandContext, overrides?: ConfigOverrides): LoadedConfig {
  const loaded = readConfig(context, overrides);
  if (loaded.ok) return loaded.value;
  const count = loaded.problem.length;
  throw new LeadsmanError(
    "config_invalid",
    `${formatProblems(loaded.problem)}\n` +
      `The configuration has ${count === 1 ? "a problem" : `${count} problems`}, so nothing was done.`,
  );
}

/** The same with problems as a value. */
export function readConfig(
  { io, settings }: CommandContext,
  overrides?: ConfigOverrides,
): Result<LoadedConfig, readonly ConfigProblem[]> {
  return loadConfig({
    path: settings().configPath,
    env: io.variables,
    readFile: (path) => readConfigFile(resolve(io.workingDirectory, path)),
    ...(overrides === undefined ? {} : { overrides }),
  });
}

/** @throws LeadsmanError `route_unknown` with the nearest name, unless a route has the name */
export function requireRoute(routes: readonly { readonly name: string }[], name: string): void {
  const names = routes.map((route) => route.name);
  if (names.includes(name)) return;
  throw unknownName(ROUTE_NAME, name, names);
}
