import type { RequestRecord } from "../cascade/receipt.ts";
import { openGatewayLog } from "../compose/open-gateway-log.ts";
import type { LogFormat } from "../config/config.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import { systemClock } from "../support/clock.ts";
import type { CommandContext } from "./command-context.ts";
import { gatewayBanner, type BannerInput } from "./gateway-banner.ts";
import { leadsmanVersion } from "./leadsman-version.ts";
import { createPaint } from "./paint.ts";
import { createRequestLog } from "./request-log.ts";

/** How a running gateway speaks on standard error: to people, or to what collects logs. */
export interface GatewayVoice {
  started(url: string, routes: BannerInput["routes"]): void;
  requestEnded(record: RequestRecord): void;
  trouble(error: unknown): void;
  note(text: string): void;
}

export interface VoiceOptions {
  readonly verbose?: boolean;
  /** Default: the configured one. */
  readonly logFormat?: LogFormat;
}

export function createVoice(
  context: CommandContext,
  loaded: LoadedConfig,
  options: VoiceOptions,
): GatewayVoice {
  const format = options.logFormat ?? loaded.config.telemetry.logs.format;
  return format === "json"
    ? collectedVoice(context, loaded)
    : spokenVoice(context, loaded, options.verbose === true);
}

function spokenVoice(
  { io }: CommandContext,
  loaded: LoadedConfig,
  isVerbose: boolean,
): GatewayVoice {
  const log = createRequestLog(io, systemClock, isVerbose);
  return {
    started: (url, routes) => {
      const paint = createPaint(io.hasColour);
      io.note(gatewayBanner({ version: leadsmanVersion(), url, loaded, routes, paint }));
    },
    requestEnded: (record) => {
      log.requestEnded(record);
    },
    trouble: createTroubleNotes(io.note),
    note: (text) => {
      io.note(text);
    },
  };
}

/** Every request is a line, and so is everything that people would be told. */
function collectedVoice({ io }: CommandContext, loaded: LoadedConfig): GatewayVoice {
  const log = openGatewayLog(loaded.config, io.note);
  return {
    started: (url, routes) => {
      log.event("listening", {
        version: leadsmanVersion(),
        url,
        routes: routes.map(({ route }) => ({ name: route.name, mode: route.mode })),
      });
      for (const note of loaded.notes) log.event(note);
    },
    requestEnded: (record) => {
      log.requestEnded(record);
    },
    trouble: (error) => {
      log.trouble(error);
    },
    note: (text) => {
      log.event(text.trim());
    },
  };
}

/** The same trouble is told once, until another comes. */
function createTroubleNotes(note: (text: string) => void): (error: unknown) => void {
  let last = "";
  return (error) => {
    const message = error instanceof Error ? error.message : String(error);
    if (message !== last) note(`! ${message}`);
    last = message;
  };
}
