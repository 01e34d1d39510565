import { z } from "zod";
import { ALERT_RULES, CHANNEL_KINDS, MIN_SEVERITIES } from "./alerts-config.ts";
import type { AlertsConfig, ChannelConfig } from "./alerts-config.ts";
import { flag, oneOf, secret, settingName } from "./setting-kinds.ts";

export const PAGERDUTY_URL = "https://events.pagerduty.com/v2/enqueue";

const MAX_CHANNELS = 50;
const CHANNELS = `a list of at most ${MAX_CHANNELS} channels`;
const ADDRESS = "an http(s) address without user name and fragment";
const ROUTES = "a list of names of routes";
const RULES = "a list of rules";

/** As Standard Webhooks asks: 24 to 64 random bytes. */
const SIGNING_SECRET = "whsec_ and the base64 of 24 to 64 random bytes";
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;

const channel = z
  .strictObject({
    name: settingName().describe(
      "Name of the channel. A notification keeps it for its retries: under a new name, what waits " +
        "for the old one is given up.",
    ),
    kind: oneOf(CHANNEL_KINDS).describe(
      "`webhook` posts signed JSON, `slack` posts to an incoming webhook, `pagerduty` triggers and " +
        "resolves over Events v2, `stdout` writes a line where the gateway runs.",
    ),
    url: address()
      .optional()
      .describe(
        "Where to post. Required for `webhook` and `slack`; a secret, as `${SLACK_WEBHOOK_URL}`. " +
          `For \`pagerduty\` ${PAGERDUTY_URL} unless it is given.`,
      ),
    secret: z
      .string(SIGNING_SECRET)
      .refine(isSigningSecret, SIGNING_SECRET)
      .meta({ title: SIGNING_SECRET })
      .optional()
      .describe("Of a `webhook`: its requests are signed with it per Standard Webhooks."),
    routingKey: secret("a routing key without blanks")
      .optional()
      .describe("Integration key of the service. Required for `pagerduty`, only there."),
    rules: z
      .array(oneOf(ALERT_RULES), RULES)
      .nullable()
      .prefault(null)
      .describe("Only alerts of these rules; null is all."),
    routes: z
      .array(settingName(), ROUTES)
      .nullable()
      .prefault(null)
      .describe("Only alerts of these routes; null is all."),
    minSeverity: oneOf(MIN_SEVERITIES)
      .prefault("notice")
      .describe("`page` leaves out what nobody has to be woken for."),
  })
  .superRefine((settings, context) => {
    for (const key of ["url", "secret", "routingKey"] as const) {
      const message = objectionTo(settings.kind, key, settings[key] !== undefined);
      if (message === null) continue;
      context.addIssue({
        ...{ code: "custom", path: [key], message },
        params: { code: "channel_setting" },
      });
    }
  })
  .transform(({ kind, url = "", secret, routingKey = "", ...rest }): ChannelConfig => {
    switch (kind) {
      case "webhook":
        return { ...rest, kind, url, secret: secret ?? null };
      case "slack":
        return { ...rest, kind, url };
      case "pagerduty":
        return { ...rest, kind, url: url === "" ? PAGERDUTY_URL : url, routingKey };
      case "stdout":
        return { ...rest, kind };
    }
  });

export const alertsSchema: z.ZodType<AlertsConfig> = z
  .strictObject({
    link: address()
      .transform((url) => url.replace(/\/+$/, ""))
      .nullable()
      .prefault(null)
      .describe("Address under which people reach this gateway, for a link in each message."),
    allowPrivate: flag()
      .prefault(false)
      .describe(
        "Whether channels may be at loopback, private, link-local and other addresses that are " +
          "not public, and speak plain http.",
      ),
    channels: z
      .array(channel, CHANNELS)
      .max(MAX_CHANNELS, CHANNELS)
      .prefault([{ name: "log", kind: "stdout" }])
      .describe("Where alerts are told. An empty list tells nobody: they are in the ledger."),
  })
  .describe("Who is told when something is wrong.");

function address(): z.ZodType<string> {
  return z.string(ADDRESS).refine(isAddress, ADDRESS).meta({ title: "an http(s) address" });
}

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hash } = new URL(text);
  return (protocol === "https:" || protocol === "http:") && username + password + hash === "";
}

function isSigningSecret(text: string): boolean {
  const [, base64] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  if (base64 === undefined) return false;
  const bytes = Buffer.from(base64, "base64").length;
  return bytes >= MIN_SECRET_BYTES && bytes <= MAX_SECRET_BYTES;
}

/** What each kind needs (true), may have (null) or must not have (false). */
const PARTS: Readonly<
  Record<ChannelConfig["kind"], Readonly<Record<"url" | "secret" | "routingKey", boolean | null>>>
> = {
  webhook: { url: true, secret: null, routingKey: false },
  slack: { url: true, secret: false, routingKey: false },
  pagerduty: { url: null, secret: false, routingKey: true },
  stdout: { url: false, secret: false, routingKey: false },
};

function objectionTo(
  kind: ChannelConfig["kind"],
  key: "url" | "secret" | "routingKey",
  isGiven: boolean,
): string | null {
  const isWanted = PARTS[kind][key];
  if (isWanted === true && !isGiven) return `one, as the kind ${kind} needs it`;
  if (isWanted === false && isGiven) return `is not for the kind ${kind}; leave it out.`;
  return null;
}
