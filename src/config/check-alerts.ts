import type { ChannelConfig } from "./alerts-config.ts";
import type { LeadsmanConfig } from "./config.ts";
import type { ConfigProblem } from "./config-problem.ts";
import { nearestName } from "./nearest-name.ts";
import { locate, type SettingSources } from "./setting-sources.ts";

/** What no channel shows alone: names twice, routes that are none, secrets sent in the open. */
export function alertProblems(
  { alerts, routes }: Pick<LeadsmanConfig, "alerts" | "routes">,
  sources: SettingSources,
): readonly ConfigProblem[] {
  const known = routes.map(({ name }) => name);
  const names = new Set<string>();
  return alerts.channels.flatMap((channel, index) => {
    const start = `alerts.channels[${index}]`;
    const path = ["alerts", "channels", index];
    const problems: ConfigProblem[] = [];
    if (names.has(channel.name)) {
      const sentence = `${start}.name is "${channel.name}", as an earlier channel's already is.`;
      const problem = { code: "duplicate_channel", sentence } as const;
      problems.push(locate(sources, [...path, "name"], "value", problem));
    }
    names.add(channel.name);
    for (const [at, route] of (channel.routes ?? []).entries()) {
      if (known.includes(route)) continue;
      const wanted = known.length === 0 ? "there are no routes" : `wanted ${known.join(", ")}`;
      const sentence = `${start}.routes[${at}] is "${route}": ${wanted}.`;
      const didYouMean = nearestName(route, known);
      const problem = { code: "unknown_route", sentence, didYouMean } as const;
      problems.push(locate(sources, [...path, "routes", at], "value", problem));
    }
    if (!alerts.allowPrivate && isPlain(channel)) {
      const sentence = `${start}.url is plain http: wanted https, or alerts.allowPrivate.`;
      const problem = { code: "channel_without_tls", sentence } as const;
      problems.push(locate(sources, [...path, "url"], "value", problem));
    }
    return problems;
  });
}

/** What is allowed of channels but may surprise. */
export function noteAlerts({ channels }: LeadsmanConfig["alerts"]): readonly string[] {
  const notes = channels.flatMap((channel) =>
    channel.kind === "webhook" && channel.secret === null
      ? [`Channel ${channel.name} has no secret, so its receiver cannot tell who has posted.`]
      : [],
  );
  if (channels.length > 0) return notes;
  return ["There are no channels: alerts are in the ledger, and nobody is told."];
}

function isPlain(channel: ChannelConfig): boolean {
  return channel.kind !== "stdout" && new URL(channel.url).protocol === "http:";
}
