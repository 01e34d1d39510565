import type { BodyEdit, MessageRequest } from "../messages/message-request.ts";
import { LeadsmanError } from "../support/leadsman-error.ts";
import { adaptRequest } from "./adapt-request.ts";
import type { Cost, TokenCounts } from "./cost.ts";
import { estimateTokens } from "./estimate-tokens.ts";
import { loadFallbackPrices } from "./fallback-prices.ts";
import type { ModelFacts, PriceList } from "./model-facts.ts";
import { overriddenPrices } from "./model-override.ts";
import type { ModelOverride } from "./model-override.ts";
import { MODELS } from "./models.ts";
import { priceTokens, UNPRICED } from "./price.ts";
import type { PriceOptions } from "./price.ts";
import { unsupportedContent } from "./unsupported-content.ts";
import type { UnsupportedContent } from "./unsupported-content.ts";

export { DEFAULT_CHEAP_MODEL, DEFAULT_DEEP_MODEL } from "./models.ts";

/**
 * What is known of models. Every method takes any name: an id, an alias, a dated id, or a name that
 * nobody knows. Names are matched exactly, as upstream does.
 */
export interface Catalogue {
  /** The model of that name, or null. Prices and limits are those of the configuration, if any. */
  find(model: string): ModelFacts | null;
  /**
   * Cost of one call, rounded once. Prices come from the configuration, else from our own table,
   * else from the genai-prices package; the cost's `source` says which. Never waits and, once the
   * catalogue exists, never loads anything.
   */
  cost(model: string, tokens: TokenCounts, options: PriceOptions): Cost;
  /**
   * The edits that make a request acceptable to the model, see `adaptRequest`.
   *
   * @param apiVersion the `anthropic-version` of the call; null = 2023-06-01
   */
  adapt(request: MessageRequest, model: string, apiVersion: string | null): readonly BodyEdit[];
  /** What the model rejects and no edit can mend; null when nothing is known against it. */
  unsupportedContent(request: MessageRequest, model: string): UnsupportedContent | null;
  /**
   * How many tokens the same text is on another model. Always an estimate; the counts themselves
   * when a model is unknown.
   */
  estimateTokensOn(tokens: TokenCounts, fromModel: string, toModel: string): TokenCounts;
  /** Input and output together; null = not known. */
  contextTokens(model: string): number | null;
  /** Highest accepted `max_tokens`; null = not known. */
  maxOutputTokens(model: string): number | null;
  /** Images in one request; null = not known. */
  maxImages(model: string): number | null;
  /** Every known model once, strongest family first, with the configuration's changes. */
  models(): readonly ModelFacts[];
}

export interface CatalogueOptions {
  /** What the configuration says about models; a later entry for the same model wins. */
  readonly overrides?: readonly ModelOverride[];
}

/**
 * Builds a catalogue: loads the fallback prices and checks the overrides.
 *
 * @throws LeadsmanError `invalid_price` or `invalid_limit` for an override that cannot be meant
 */
export function createCatalogue(options: CatalogueOptions = {}): Catalogue {
  const fallbackPrices = loadFallbackPrices();
  const { rows, extras } = withOverrides(options.overrides ?? []);
  const rowsByName = new Map<string, ModelFacts>();
  for (const row of rows) {
    for (const name of [row.id, ...row.aliases]) rowsByName.set(name, row);
  }
  const find = (model: string): ModelFacts | null => findByName(rowsByName, model);

  // Names come from clients: remember enough of them, not all of them.
  const pricesByName = new Map<string, PriceList | null>();
  const pricesOf = (model: string): PriceList | null => {
    const known = pricesByName.get(model);
    if (known !== undefined) return known;
    const prices = find(model) ?? findByName(extras, model)?.prices ?? fallbackPrices(model);
    if (pricesByName.size < MAX_REMEMBERED_NAMES) pricesByName.set(model, prices);
    return prices;
  };

  return {
    find,
    cost: (model, tokens, priceOptions) => {
      const prices = pricesOf(model);
      return prices === null ? UNPRICED : priceTokens(tokens, prices, priceOptions);
    },
    adapt: (request, model, apiVersion) => {
      const facts = find(model);
      return facts === null ? [] : adaptRequest(request, facts, apiVersion);
    },
    unsupportedContent: (request, model) => {
      const facts = find(model);
      return facts === null ? null : unsupportedContent(request, facts);
    },
    estimateTokensOn: (tokens, fromModel, toModel) => {
      const from = find(fromModel)?.tokenizer;
      const to = find(toModel)?.tokenizer;
      if (from === undefined || to === undefined) return tokens;
      return estimateTokens(tokens, from, to);
    },
    contextTokens: (model) =>
      find(model)?.contextTokens ?? findByName(extras, model)?.override.contextTokens ?? null,
    maxOutputTokens: (model) =>
      find(model)?.maxOutputTokens ?? findByName(extras, model)?.override.maxOutputTokens ?? null,
    maxImages: (model) => find(model)?.maxImages ?? null,
    models: () => rows,
  };
}

const MAX_REMEMBERED_NAMES = 1_000;

/** A configured model that the table does not have: prices, perhaps limits, no rules. */
interface ExtraModel {
  readonly override: ModelOverride;
  readonly prices: PriceList;
}

interface OverriddenModels {
  readonly rows: readonly ModelFacts[];
  readonly extras: ReadonlyMap<string, ExtraModel>;
}

function withOverrides(overrides: readonly ModelOverride[]): OverriddenModels {
  const rowsById = new Map(MODELS.map((row) => [row.id, row]));
  const rowsByName = new Map(
    MODELS.flatMap((row) => [row.id, ...row.aliases].map((name) => [name, row] as const)),
  );
  const extras = new Map<string, ExtraModel>();
  for (const override of overrides) {
    checkLimit(override, "contextTokens");
    checkLimit(override, "maxOutputTokens");
    const row = findByName(rowsByName, override.model);
    const prices = overriddenPrices(override, row);
    if (row === null) {
      extras.set(override.model, { override, prices });
      continue;
    }
    rowsById.set(row.id, {
      ...row,
      ...prices,
      source: "config",
      contextTokens: override.contextTokens ?? row.contextTokens,
      maxOutputTokens: override.maxOutputTokens ?? row.maxOutputTokens,
    });
  }
  return { rows: [...rowsById.values()], extras };
}

function checkLimit(override: ModelOverride, member: "contextTokens" | "maxOutputTokens"): void {
  const limit = override[member];
  if (limit === undefined || (Number.isSafeInteger(limit) && limit > 0)) return;
  throw new LeadsmanError(
    "invalid_limit",
    `${member} of model ${override.model} must be a whole number above 0; found ${limit}`,
  );
}

/** By exact name, else without the date of a snapshot. */
function findByName<Found>(byName: ReadonlyMap<string, Found>, model: string): Found | null {
  return byName.get(model) ?? byName.get(model.replace(/-\d{8}$/, "")) ?? null;
}
