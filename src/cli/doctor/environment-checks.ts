import type { LeadsmanConfig } from "../../config/config.ts";
import { isLoopback } from "../../config/check-config.ts";
import { fail, ok, warn, type Check } from "./check.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** What the variables of this shell do to clients of the Messages API. */
export function checkEnvironment(
  variables: Variables,
  { server, providers }: Pick<LeadsmanConfig, "server" | "providers">,
): readonly Check[] {
  const gateway = `http://${server.host}:${server.port}`;
  const loops = Object.entries(providers).filter(
    ([, provider]) => provider.kind === "anthropic" && isSamePlace(provider.baseUrl, server),
  );
  return [
    checkBaseUrl(variables["ANTHROPIC_BASE_URL"] ?? "", server, gateway),
    checkCredentials(variables),
    ...loops.map(([name]) =>
      fail(
        `provider ${name}`,
        "its baseUrl is this gateway itself, so calls would go round in circles",
        `Set providers.${name}.baseUrl to the real upstream.`,
      ),
    ),
  ];
}

function checkBaseUrl(baseUrl: string, server: LeadsmanConfig["server"], gateway: string): Check {
  const subject = "ANTHROPIC_BASE_URL";
  if (baseUrl === "") {
    return ok(subject, `not set here; your application's is to be ${gateway}`);
  }
  if (!URL.canParse(baseUrl)) {
    return fail(subject, "set, but not a URL", `Set it to ${gateway} for your application.`);
  }
  const url = new URL(baseUrl);
  const shown = `${url.origin}${url.pathname.replace(/\/$/, "")}`;
  if (/\/v1\/?$/.test(url.pathname)) {
    return warn(
      subject,
      `${shown} ends in /v1`,
      "Anthropic's SDKs add /v1 themselves; leave it out (this gateway answers either).",
    );
  }
  if (isSamePlace(baseUrl, server)) return ok(subject, `${shown}, this gateway`);
  return warn(
    subject,
    `${shown}, not this gateway`,
    `Applications started from this shell do not call it; set ${gateway} for them.`,
  );
}

function checkCredentials(variables: Variables): Check {
  const subject = "credentials";
  const key = variables["ANTHROPIC_API_KEY"] ?? "";
  const token = variables["ANTHROPIC_AUTH_TOKEN"] ?? "";
  if (key !== "" && token !== "") {
    return warn(
      subject,
      "ANTHROPIC_API_KEY and ANTHROPIC_AUTH_TOKEN are both set",
      "Anthropic's SDKs use the key and warn; unset the one that is not meant.",
    );
  }
  if (key !== "") return ok(subject, `ANTHROPIC_API_KEY ${masked(key)}`);
  if (token !== "") return ok(subject, `ANTHROPIC_AUTH_TOKEN ${masked(token)}`);
  return ok(subject, "none in this shell; your application brings its own");
}

/** Enough to tell that something is there, and nothing of it. */
export function masked(secret: string): string {
  return `•••• (${secret.length} characters)`;
}

function isSamePlace(baseUrl: string, server: LeadsmanConfig["server"]): boolean {
  if (!URL.canParse(baseUrl)) return false;
  const url = new URL(baseUrl);
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  const isSameHost = url.hostname === server.host || (isLoopback(url.hostname) && isHere(server));
  return isSameHost && port === server.port && server.port !== 0;
}

function isHere({ host }: LeadsmanConfig["server"]): boolean {
  return isLoopback(host) || ["0.0.0.0", "::", "[::]"].includes(host);
}
