import {
  probeTiers,
  tierModels,
  type ProbeOutcome,
  type TierModel,
} from "../../compose/upstream-probe.ts";
import type { LeadsmanConfig } from "../../config/config.ts";
import { formatDuration } from "../../reports/format-number.ts";
import { formatUsd } from "../../reports/format-usd.ts";
import { systemClock } from "../../support/clock.ts";
import type { CliIo } from "../cli-io.ts";
import { fail, ok, type Check } from "./check.ts";

/** One tiny real call per tier, after saying what that costs. */
export async function checkLive(config: LeadsmanConfig, io: CliIo): Promise<readonly Check[]> {
  const models = tierModels(config, systemClock.nowMs());
  const checks: Check[] = [];
  const callable = models.filter(({ provider, model }) => {
    if (hasCredential(config, provider, io)) return true;
    checks.push(
      fail(
        `live ${model}`,
        `not called: provider ${provider} takes its clients' keys, and this shell has none`,
        "Set ANTHROPIC_API_KEY for this command, or an apiKey for the provider.",
      ),
    );
    return false;
  });
  if (callable.length > 0) io.note(announcement(callable));
  await probeTiers(config, callable, credentials(io), systemClock, (tier, outcome) => {
    checks.push(describe(tier, outcome));
  });
  return checks;
}

function announcement(models: readonly TierModel[]): string {
  const names = models.map(({ model }) => model).join(", ");
  const calls = models.length === 1 ? "one tiny real call" : `${models.length} tiny real calls`;
  let sum = 0n;
  for (const { probeNanoUsd } of models) {
    if (probeNanoUsd === null) return `Making ${calls} (${names}); what they cost is not known.`;
    sum += probeNanoUsd;
  }
  return `Making ${calls} (${names}) for at most ${formatUsd(sum)} in all.`;
}

function describe({ model }: TierModel, outcome: ProbeOutcome): Check {
  const subject = `live ${model}`;
  const { isOk, status, latencyMs, trouble } = outcome;
  if (isOk) return ok(subject, `answered in ${formatDuration(latencyMs)}`);
  const found = [status === null ? "no answer" : `status ${status}`, trouble ?? ""];
  return fail(subject, found.filter((part) => part !== "").join(": "), advice(status));
}

function advice(status: number | null): string {
  switch (status) {
    case null:
      return "See whether this machine reaches the provider's baseUrl.";
    case 401:
    case 403:
      return "See whether the key is right and may use this model.";
    case 404:
      return "See whether the model's name is right and the key may use it.";
    case 429:
    case 529:
      return "The provider is at its limit; try again in a minute.";
    default:
      return "The words are the provider's own; see what they ask for.";
  }
}

/** The headers that a client with this shell's variables would send. */
function credentials({ variables }: CliIo): Readonly<Record<string, string>> {
  const key = variables["ANTHROPIC_API_KEY"] ?? "";
  const token = variables["ANTHROPIC_AUTH_TOKEN"] ?? "";
  if (key !== "") return { "x-api-key": key };
  return token === "" ? {} : { authorization: `Bearer ${token}` };
}

function hasCredential({ providers }: LeadsmanConfig, name: string, io: CliIo): boolean {
  const provider = providers[name];
  const isOwn = provider?.kind === "anthropic" && provider.auth.kind === "passthrough";
  return !isOwn || Object.keys(credentials(io)).length > 0;
}
