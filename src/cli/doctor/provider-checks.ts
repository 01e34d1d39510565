import type { BodyPolicy } from "../../cascade/route.ts";
import type { TierModel } from "../../compose/upstream-probe.ts";
import type { LeadsmanConfig } from "../../config/config.ts";
import { ok, warn, type Check } from "./check.ts";
import { masked } from "./environment-checks.ts";

/** Whose key calls each provider, and that simulated ones are told apart. */
export function checkProviders({ providers }: Pick<LeadsmanConfig, "providers">): readonly Check[] {
  return Object.entries(providers).map(([name, provider]) => {
    const subject = `provider ${name}`;
    if (provider.kind === "simulated") {
      return warn(subject, "SIMULATED: no real model answers", "Good for trials only.");
    }
    const { baseUrl, auth } = provider;
    const whose = auth.kind === "api_key" ? `key ${masked(auth.apiKey)}` : "your clients' own keys";
    return ok(subject, `${baseUrl} with ${whose}`);
  });
}

/** Whether every call that the routes can make has a price. */
export function checkPrices(models: readonly TierModel[], tableDate: string): Check {
  const unpriced = models.filter(({ priceSource }) => priceSource === null);
  const table = `table of ${tableDate}`;
  if (unpriced.length === 0) return ok("prices", `${table}; every model of the routes is priced`);
  return warn(
    "prices",
    `${table}; unpriced: ${unpriced.map(({ model }) => model).join(", ")}`,
    "Add them under prices, or their calls are counted but not costed.",
  );
}

/** Everywhere a request can go, and what is kept of it. */
export function checkPrivacy(config: LeadsmanConfig): readonly Check[] {
  const upstreams = Object.values(config.providers).flatMap((provider) =>
    provider.kind === "anthropic" ? [provider.baseUrl] : [],
  );
  const where = upstreams.length === 0 ? "no upstream at all" : `calls to ${upstreams.join(", ")}`;
  const policies = new Set(config.routes.map(({ bodies }) => bodies));
  const days = config.ledger.bodyRetentionDays;
  return [
    ok("privacy", `nothing leaves this machine but ${where}; there is no telemetry`),
    ok("stored texts", `${KEPT[keepingMost(policies)]}, deleted after ${days} days`),
  ];
}

const KEPT: Readonly<Record<BodyPolicy, string>> = {
  all: "every prompt and answer",
  graded: "prompts and answers of shadow pairs and graded answers only",
  none: "none",
};

/** What is said of several routes must be true of the one that keeps most. */
function keepingMost(policies: ReadonlySet<BodyPolicy>): BodyPolicy {
  if (policies.has("all")) return "all";
  return policies.has("graded") ? "graded" : "none";
}
