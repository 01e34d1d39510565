import { createCatalogue, DEFAULT_DEEP_MODEL } from "../catalogue/catalogue.ts";
import type { NanoUsd, TokenCounts } from "../catalogue/cost.ts";
import { CATALOGUE_DATE } from "../catalogue/models.ts";
import { REQUESTED_MODEL } from "../cascade/route.ts";
import type { LeadsmanConfig } from "../config/config.ts";
import { readErrorEnvelope } from "../messages/error-envelope.ts";
import type { HttpHeaders, Provider } from "../providers/provider.ts";
import type { Clock } from "../support/clock.ts";
import { openProviders } from "./open-providers.ts";

/** Day on which our own price table was last checked, as `2026-11-23`. */
export const PRICE_TABLE_DATE: string = CATALOGUE_DATE;

/** A model that some tier calls, and what a tiny call of it would cost. */
export interface TierModel {
  readonly provider: string;
  readonly model: string;
  /** Null = unpriced. */
  readonly priceSource: string | null;
  /** Upper bound for `probeTier`; null = unpriced. */
  readonly probeNanoUsd: NanoUsd | null;
}

/** What a tiny call came to. */
export interface ProbeOutcome {
  readonly isOk: boolean;
  /** Null when no response came. */
  readonly status: number | null;
  readonly latencyMs: number;
  /** Upstream's own words, or what the connection met; null when all was well. */
  readonly trouble: string | null;
}

/** More than the prompt has, so that the price is a bound. */
const PROBE_TOKENS: TokenCounts = {
  inputTokens: 30,
  cacheReadTokens: 0,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  outputTokens: 8,
};

const PROBE_TIMEOUTS = { connectMs: 5_000, firstByteMs: 30_000, idleMs: 30_000, totalMs: 60_000 };

/** Every model of the routes' tiers once; for `requested`, the deep model most people mean. */
export function tierModels(config: LeadsmanConfig, atMs: number): readonly TierModel[] {
  const catalogue = createCatalogue({ overrides: config.prices });
  const found = new Map<string, TierModel>();
  for (const { provider, model: word } of config.routes.flatMap(({ tiers }) => tiers)) {
    const model = word === REQUESTED_MODEL ? DEFAULT_DEEP_MODEL : word;
    const price = { isBatch: false, geo: null, speed: null, atMs };
    const cost = catalogue.cost(model, PROBE_TOKENS, price);
    const probe = { priceSource: cost.source, probeNanoUsd: cost.costNanoUsd };
    found.set(`${provider} ${model}`, { provider, model, ...probe });
  }
  return [...found.values()];
}

/**
 * Makes one tiny real call of each model, one after the other. Costs money.
 *
 * @param credentials headers that pass a client's key through
 */
export async function probeTiers(
  config: LeadsmanConfig,
  models: readonly TierModel[],
  credentials: HttpHeaders,
  clock: Clock,
  onOutcome: (model: TierModel, outcome: ProbeOutcome) => void,
): Promise<void> {
  const providers = openProviders(config);
  try {
    for (const tier of models) {
      const provider = providers.get(tier.provider);
      if (provider === undefined) continue;
      onOutcome(tier, await probe(provider, tier.model, credentials, clock));
    }
  } finally {
    await Promise.all([...providers.values()].map((provider) => provider.close()));
  }
}

function probe(
  provider: Provider,
  model: string,
  credentials: HttpHeaders,
  clock: Clock,
): Promise<ProbeOutcome> {
  const messages = [{ role: "user", content: "Reply with OK." }];
  const body = JSON.stringify({ model, max_tokens: PROBE_TOKENS.outputTokens, messages });
  const headers = {
    ...credentials,
    "content-type": "application/json",
    "accept-encoding": "identity",
    "anthropic-version": "2023-06-01",
  };
  const startedMs = clock.monotonicMs();
  return new Promise((resolve) => {
    let status: number | null = null;
    const chunks: Uint8Array[] = [];
    const settle = (trouble: string | null): void => {
      const isOk = status === 200 && trouble === null;
      resolve({ isOk, status, latencyMs: clock.monotonicMs() - startedMs, trouble });
    };
    provider.send(
      {
        method: "POST",
        path: "/v1/messages",
        headers,
        body: Buffer.from(body),
        timeouts: PROBE_TIMEOUTS,
      },
      {
        onHead: (head) => {
          status = head.status;
        },
        onChunk: (chunk) => chunks.push(chunk),
        onEnd: () => {
          const error = readErrorEnvelope(Buffer.concat(chunks));
          settle(status === 200 ? null : (error?.message ?? "an answer of another shape"));
        },
        onFailure: ({ message }) => settle(message),
      },
    );
  });
}
