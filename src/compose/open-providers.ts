import type { LeadsmanConfig, ProviderConfig } from "../config/config.ts";
import { createAnthropicProvider } from "../providers/anthropic/anthropic-provider.ts";
import type { Provider } from "../providers/provider.ts";
import { createSimulatedProvider } from "../providers/simulated/simulated-provider.ts";

/** The configured providers by name. A new kind of provider is a case here. */
export function openProviders(config: LeadsmanConfig): ReadonlyMap<string, Provider> {
  const providers = new Map<string, Provider>();
  for (const [name, settings] of Object.entries(config.providers)) {
    providers.set(name, openProvider(name, settings, config.server.maxConcurrent));
  }
  return providers;
}

function openProvider(name: string, settings: ProviderConfig, maxConcurrent: number): Provider {
  switch (settings.kind) {
    case "anthropic": {
      const { baseUrl, auth } = settings;
      // A client's call may hold two connections at once: its own and that of a comparison.
      return createAnthropicProvider({ name, baseUrl, auth, connections: 2 * maxConcurrent });
    }
    case "simulated":
      return createSimulatedProvider({ name, timeScale: 1 });
  }
}

/** Whether it can be asked without a client's credential; a simulated one needs none. */
export function hasOwnCredential(settings: ProviderConfig | undefined): boolean {
  return settings?.kind === "simulated" || settings?.auth.kind === "api_key";
}
