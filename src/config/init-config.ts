import { stringify } from "yaml";
import { REQUESTED_MODEL, type RouteMode } from "../cascade/route.ts";
import { DEFAULT_CHEAP_MODEL, DEFAULT_DEEP_MODEL } from "../catalogue/models.ts";
import type { JsonValue } from "../support/json.ts";
import { writeMode } from "./write-settings.ts";

export interface InitialConfigOptions {
  /** See `NAME_PATTERN`. Default `default`. */
  readonly routeName?: string;
  /** Default claude-haiku-4-5. */
  readonly cheap?: string;
  /** A model, or `requested`. Default claude-opus-4-7. */
  readonly deep?: string;
  /** Default shadow. */
  readonly mode?: RouteMode;
  /** Environment variable that holds a key; null passes the client's own through. Default null. */
  readonly apiKeyEnv?: string | null;
}

/** The commented `leadsman.yaml` to start from. Loading it gives no problem. */
export function renderInitialConfig(options: InitialConfigOptions = {}): string {
  const {
    routeName = "default",
    cheap = DEFAULT_CHEAP_MODEL,
    deep = DEFAULT_DEEP_MODEL,
    mode = "shadow",
    apiKeyEnv = null,
  } = options;
  const match = deep === REQUESTED_MODEL ? "claude-*" : deep;
  const credential =
    apiKeyEnv === null
      ? `    auth: passthrough # the client's own key; or apiKey: "\${ANTHROPIC_API_KEY}"`
      : `    apiKey: "\${${apiKeyEnv}}" # or auth: passthrough, the client's own key`;
  return `# yaml-language-server: $schema=./node_modules/leadsman/schema/leadsman.schema.json
# Every setting has a default: \`leadsman config print\` shows each value and where it came from.
version: 1

server:
  host: 127.0.0.1 # anything but loopback needs token: "\${LEADSMAN_TOKEN}"
  port: 8787

providers:
  anthropic:
${credential}

routes:
  - name: ${inYaml(routeName)}
    match: # requests for this model take the route; so does the model name leadsman/<name>
      model: ${inYaml(match)}
    tiers: # cheapest first; the last one answers whatever reaches it
      - ${inYaml(cheap)}
      - ${inYaml(deep)}
    threshold: 0.8 # stated confidence from which the cheap answer ships
    mode: ${inYaml(writeMode(mode))} # off | shadow (answers do not change) | { canary: 5% } | live
    sampling:
      triage: 100% # in shadow: share of requests that the cheap model answers as well
      shadow: 1% # in live: share of shipped answers that the last tier answers as well
      grade: 1% # in live: share of shipped answers to be graded
      control: 1% # in live: share that goes to the last tier untried, to measure
    limits:
      backgroundUsdPerDay: 50 # US dollars a day for calls that nobody waits for

ledger:
  url: sqlite:.leadsman/ledger.db
`;
}

/** One line of YAML that reads back as the value. */
function inYaml(value: JsonValue): string {
  const plain = typeof value === "string" ? value.replaceAll("${", () => "$${") : value;
  return stringify(plain, { collectionStyle: "flow", lineWidth: 0 }).trim();
}
