import type { LeadsmanConfig, ProviderConfig } from "../config/config.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import { CONFIG_FILE } from "../config/load-config.ts";
import type { Route } from "../cascade/route.ts";
import { describeModeInForce, describeTiers } from "./describe-route.ts";
import type { Paint } from "./paint.ts";
import { renderFacts, renderTable } from "./table.ts";

export interface BannerInput {
  readonly version: string;
  readonly url: string;
  readonly loaded: LoadedConfig;
  /** As they are in force now. */
  readonly routes: readonly { readonly route: Route; readonly isCertified: boolean }[];
  readonly paint: Paint;
}

/** What a gateway says of itself when it has started. */
export function gatewayBanner({ version, url, loaded, routes, paint }: BannerInput): string {
  const { config } = loaded;
  const columns = ["route", "mode", "tiers", "for"].map((title) => ({ title }));
  const rows = routes.map(({ route, isCertified }) => [
    route.name,
    describeModeInForce(route, isCertified),
    describeTiers(route.tiers),
    route.matchModel ?? `leadsman/${route.name} only`,
  ]);
  return [
    `${paint.strong(`Leadsman ${version}`)} listens on ${paint.strong(url)}`,
    "",
    `  export ANTHROPIC_BASE_URL=${url}`,
    "",
    ...(routes.length === 0 ? [] : [...renderTable(columns, rows, paint), ""]),
    ...renderFacts(surroundings(loaded), paint),
    "",
    ...loaded.notes.filter((note) => !isToldAbove(note)).map((note) => `  note: ${note}`),
    ...meaningOfModes(config, routes),
    paint.faint("  Ctrl-C stops after the calls in hand."),
  ].join("\n");
}

function surroundings({ config, file }: LoadedConfig): readonly (readonly [string, string])[] {
  return [
    ...Object.entries(config.providers).map(([name, provider]) => {
      return ["provider", `${name}: ${describeProvider(provider)}`] as const;
    }),
    ["ledger", config.ledger.url.replace(/^sqlite:/, "").replace(/:[^:@/]*@/, ":••••@")],
    ["config", file ?? `no ${CONFIG_FILE} here: defaults hold (leadsman init writes one)`],
  ];
}

/** Simulated providers are told apart wherever a person could be misled. */
export function describeProvider(provider: ProviderConfig): string {
  if (provider.kind === "simulated") return "SIMULATED, no real model answers";
  const credential = provider.auth.kind === "api_key" ? "configured key" : "your clients' own keys";
  return `${provider.baseUrl} with ${credential}`;
}

/** The lines above say it already. */
function isToldAbove(note: string): boolean {
  return /^Provider .* (is simulated|passes the client)/.test(note);
}

function meaningOfModes(config: LeadsmanConfig, routes: BannerInput["routes"]): readonly string[] {
  if (routes.length === 0 || routes.some(({ route }) => route.mode !== "shadow")) return [];
  const caps = config.routes.map(({ limits }) => limits.backgroundUsdPerDay);
  const cap = caps.includes(null) ? "" : `, for at most $${Math.max(...caps.map(Number))} a day`;
  return [
    "  In shadow your answers do not change. The first tier is asked on the side, to learn how",
    `  often its answer would have done${cap}.`,
  ];
}
