import { isCancel, select, text } from "@clack/prompts";
import type { InitialConfigOptions } from "../config/init-config.ts";
import type { CliIo } from "./cli-io.ts";

const DEFAULTS = { route: "default", cheap: "claude-haiku-4-5", deep: "claude-opus-4-7" } as const;

/** Asks what `leadsman init` needs to know; null when the user breaks off. */
export async function askInitialConfig(
  io: Pick<CliIo, "stopSignal">,
): Promise<InitialConfigOptions | null> {
  // Standard output is for data, so questions go to standard error.
  const shared = { output: process.stderr, signal: io.stopSignal };
  const cheap = await text({
    ...shared,
    message: "Which cheap model is to be asked first?",
    placeholder: DEFAULTS.cheap,
    defaultValue: DEFAULTS.cheap,
  });
  if (isCancel(cheap)) return null;
  const deep = await text({
    ...shared,
    message: 'Which model answers what the cheap one is not sure of? ("requested": your client\'s)',
    placeholder: DEFAULTS.deep,
    defaultValue: DEFAULTS.deep,
  });
  if (isCancel(deep)) return null;
  const routeName = await text({
    ...shared,
    message: "What is this kind of traffic called?",
    placeholder: DEFAULTS.route,
    defaultValue: DEFAULTS.route,
    validate: (value) =>
      value === undefined || value === "" || /^[a-z0-9][a-z0-9_-]*$/.test(value)
        ? undefined
        : "Small letters, digits, - and _ only.",
  });
  if (isCancel(routeName)) return null;
  const apiKeyEnv = await select<string>({
    ...shared,
    message: "Whose key calls the provider?",
    options: [
      { value: "", label: "my clients' own", hint: "passed through, never stored" },
      {
        value: "ANTHROPIC_API_KEY",
        label: "one that the gateway holds",
        hint: "$ANTHROPIC_API_KEY",
      },
    ],
  });
  if (isCancel(apiKeyEnv)) return null;
  return { cheap, deep, routeName, apiKeyEnv: apiKeyEnv === "" ? null : apiKeyEnv };
}
