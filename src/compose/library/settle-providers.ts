import { createAnthropicProvider } from "../../providers/anthropic/anthropic-provider.ts";
import type { Provider } from "../../providers/provider.ts";
import { isJsonObject } from "../../support/json.ts";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import { CASCADE_DEFAULTS } from "./cascade-options.ts";

export interface SettledProviders {
  readonly providers: ReadonlyMap<string, Provider>;
  /** Serves tiers that name none; null when there are several and none is called `anthropic`. */
  readonly defaultProvider: string | null;
  /** Opened here, so closed by the cascade. */
  readonly ownProviders: readonly Provider[];
}

/**
 * Takes providers as they are and opens those that are only a key.
 *
 * @throws LeadsmanError `invalid_cascade`
 */
export function settleProviders(given: unknown): SettledProviders {
  const ownProviders: Provider[] = [];
  const open = (name: string, option: unknown): Provider => {
    if (isProvider(option)) return option;
    const provider = openProvider(name, option);
    ownProviders.push(provider);
    return provider;
  };
  if (isProvider(given)) return alone(given.name, given, ownProviders);
  if (!isJsonObject(given)) {
    throw invalid("provider must be a provider, { apiKey } or several by name, found neither");
  }
  if ("baseUrl" in given || ("apiKey" in given && !isJsonObject(given["apiKey"]))) {
    return alone(VENDOR, open(VENDOR, given), ownProviders);
  }
  const entries = Object.entries(given);
  if (entries.length === 0) throw invalid("provider must name at least one provider, found none");
  const providers = new Map(entries.map(([name, option]) => [name, open(name, option)] as const));
  const onlyName = providers.size === 1 ? entries[0]?.[0] : undefined;
  const defaultProvider = onlyName ?? (providers.has(VENDOR) ? VENDOR : null);
  return { providers, defaultProvider, ownProviders };
}

const VENDOR = "anthropic";

function alone(
  name: string,
  provider: Provider,
  ownProviders: readonly Provider[],
): SettledProviders {
  return { providers: new Map([[name, provider]]), defaultProvider: name, ownProviders };
}

/** The key is never quoted, whatever is wrong with it. */
function openProvider(name: string, option: unknown): Provider {
  const { apiKey, baseUrl = CASCADE_DEFAULTS.baseUrl } = isJsonObject(option) ? option : {};
  if (typeof apiKey !== "string" || !API_KEY.test(apiKey)) {
    const found = foundFor(apiKey);
    throw invalid(`apiKey of provider "${name}" must be a text without blanks, found ${found}`);
  }
  if (typeof baseUrl !== "string") {
    throw invalid(`baseUrl of provider "${name}" must be a text, found something else`);
  }
  try {
    return createAnthropicProvider({ name, baseUrl, auth: { kind: "api_key", apiKey } });
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : "its base URL is not usable";
    throw invalid(`provider "${name}": ${detail}`, cause);
  }
}

function foundFor(apiKey: unknown): string {
  if (apiKey === "") return "an empty one; is its environment variable set?";
  return apiKey === undefined ? "nothing" : "something else";
}

/** What can stand in a header. */
const API_KEY = /^[\x21-\x7e]{1,4096}$/;

function isProvider(value: unknown): value is Provider {
  return (
    typeof value === "object" &&
    value !== null &&
    "send" in value &&
    typeof value.send === "function" &&
    "name" in value &&
    typeof value.name === "string"
  );
}

function invalid(what: string, cause?: unknown): LeadsmanError {
  const options = cause === undefined ? undefined : { cause };
  return new LeadsmanError("invalid_cascade", `Cannot create cascade: ${what}`, options);
}
