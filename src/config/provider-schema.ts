import { z } from "zod";
import type { ProviderConfig } from "./config.ts";
import { PROVIDER_KINDS } from "./config.ts";
import { milliseconds, NAME_WANTED, oneOf, secret, settingName } from "./setting-kinds.ts";

export const DEFAULT_PROVIDER = "anthropic";
export const DEFAULT_BASE_URL = "https://api.anthropic.com";

const BASE_URL =
  "an http(s) address without user name, query and /v1, such as https://api.anthropic.com";

const timeouts = z
  .strictObject({
    connectMs: milliseconds().prefault(5000).describe("Until the connection stands."),
    firstByteMs: milliseconds()
      .prefault(600_000)
      .describe("From the request on the wire to the head of the response."),
    idleMs: milliseconds().prefault(600_000).describe("Between two pieces of the response."),
    totalMs: milliseconds()
      .prefault(1_800_000)
      .describe("From sending to the last byte of the response."),
  })
  .prefault({})
  .describe("Limits of one upstream call.");

const provider = z
  .strictObject({
    kind: oneOf(PROVIDER_KINDS)
      .prefault("anthropic")
      .describe("`anthropic` speaks the Messages API; `simulated` makes answers up, for trials."),
    baseUrl: z
      .string(BASE_URL)
      .refine(isBaseUrl, BASE_URL)
      .transform((url) => url.replace(/\/+$/, ""))
      .meta({ title: "an http(s) address" })
      .prefault(DEFAULT_BASE_URL)
      .describe("Where the provider is. Paths such as /v1/messages are appended."),
    auth: oneOf(["passthrough"])
      .optional()
      .describe(
        "`passthrough` sends the client's own credential, which is never stored. The default " +
          "without `apiKey`.",
      ),
    apiKey: secret("a key without blanks")
      .optional()
      .describe(
        "A key of the gateway's own, as `${ANTHROPIC_API_KEY}`. Durable jobs, judge and replay " +
          "need one.",
      ),
    timeouts,
  })
  .superRefine((settings, context) => {
    const refuse = (key: string, message: string): void => {
      context.addIssue({ code: "custom", path: [key], message, params: { code: "auth_and_key" } });
    };
    if (settings.kind === "simulated") {
      const message = "is not for the kind simulated; leave it out.";
      if (settings.apiKey !== undefined) refuse("apiKey", message);
      if (settings.auth !== undefined) refuse("auth", message);
      if (settings.baseUrl !== DEFAULT_BASE_URL) refuse("baseUrl", message);
    } else if (settings.apiKey !== undefined && settings.auth !== undefined) {
      refuse("auth", "is set beside apiKey; keep one of the two.");
    }
  })
  .transform(({ kind, baseUrl, apiKey, timeouts }): ProviderConfig => {
    if (kind === "simulated") return { kind, timeouts };
    const auth =
      apiKey === undefined
        ? ({ kind: "passthrough" } as const)
        : ({ kind: "api_key", apiKey } as const);
    return { kind, baseUrl, auth, timeouts };
  });

export const providersSchema: z.ZodType<Readonly<Record<string, ProviderConfig>>> = z
  .record(settingName(), provider, NAME_WANTED)
  .prefault({ [DEFAULT_PROVIDER]: {} })
  .transform((named) =>
    Object.hasOwn(named, DEFAULT_PROVIDER)
      ? named
      : { [DEFAULT_PROVIDER]: provider.parse({}), ...named },
  )
  .describe(
    "Whoever answers upstream calls, by name. One named `anthropic` is always there; calls that " +
      "no route takes go to it.",
  );

function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, pathname, search, hash } = new URL(text);
  if (protocol !== "https:" && protocol !== "http:") return false;
  return username + password + search + hash === "" && !/\/v1\/?$/.test(pathname);
}
