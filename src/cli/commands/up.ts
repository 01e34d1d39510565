import { Command, Option } from "commander";
import { counted } from "../../reports/format-number.ts";
import type { RouteMode } from "../../cascade/route.ts";
import { openGateway, type OpenGateway } from "../../compose/open-gateway.ts";
import { LOG_FORMATS, type LogFormat } from "../../config/config.ts";
import type { LoadedConfig } from "../../config/load-config.ts";
import { EXIT } from "../cli-io.ts";
import type { CommandContext } from "../command-context.ts";
import { describeMode } from "../describe-route.ts";
import { examples } from "../examples.ts";
import { createVoice, type GatewayVoice } from "../gateway-voice.ts";
import { openConfig } from "../open-config.ts";
import { modeValue, portValue } from "../option-values.ts";
import { toJson } from "../print-json.ts";
import { startRouteNotes } from "../route-notes.ts";
import { portTaken } from "../port-taken.ts";
import { whenAborted } from "../when-aborted.ts";

interface UpOptions {
  readonly port?: number;
  readonly host?: string;
  readonly mode?: RouteMode;
  readonly verbose?: boolean;
  readonly logFormat?: LogFormat;
}

/** Serves clients until it is told to stop. */
export function upCommand(context: CommandContext): Command {
  return new Command("up")
    .summary("start the gateway")
    .description(
      "Starts the gateway and serves until it is told to stop (Ctrl-C, SIGTERM). Without a " +
        "configuration every route is in shadow: answers do not change.",
    )
    .option("--port <port>", "port to listen on, 0 for any free one", portValue)
    .option("--host <host>", "address to listen on; a token is required off loopback")
    .option(
      "--mode <mode>",
      'mode of every route at the start: off, shadow, live or "canary 5%"',
      modeValue,
    )
    .option("--verbose", "a line for every request, on a terminal or not")
    .addOption(
      new Option("--log-format <format>", "what is written to standard error").choices(LOG_FORMATS),
    )
    .addHelpText("after", examples(["leadsman up", "leadsman up --port 0 --mode shadow --verbose"]))
    .action((options: UpOptions) => runUp(context, options));
}

async function runUp(context: CommandContext, options: UpOptions): Promise<void> {
  const { io, settings } = context;
  const { port, host, mode } = options;
  const loaded = openConfig(context, {
    ...(port === undefined ? {} : { port }),
    ...(host === undefined ? {} : { host }),
    ...(mode === undefined ? {} : { mode }),
  });
  const isJson = settings().json;
  const tell = (event: string, facts: object): void => {
    if (isJson) io.out(toJson({ event, ...facts }));
  };
  const voice = createVoice(context, loaded, options);
  const open = await openOrExplain(loaded, {
    observers: [voice, { requestEnded: (record) => tell("request", record) }],
    writeAlert: ({ line, message }) => {
      if (isJson) tell("alert", message);
      else io.out(line);
    },
    onError: voice.trouble,
    ignoresEarlierModes: mode !== undefined,
  });
  const routes = open.routes.current();
  const { url } = open.gateway;
  tell("listening", { url, port: open.gateway.port, file: loaded.file, routes });
  voice.started(url, routes);
  await noteOverruledModes(voice, open, mode);
  const stopNotes = startRouteNotes(open.routes, voice.note);
  await whenAborted(io.stopSignal);
  stopNotes();
  await stop(voice, open, loaded.config.server.drainMs, tell);
  context.finish(EXIT.ok);
}

/** An `--mode` that undoes what an operator has ordered since must not do so silently. */
async function noteOverruledModes(
  { note }: GatewayVoice,
  open: OpenGateway,
  mode: RouteMode | undefined,
): Promise<void> {
  if (mode === undefined) return;
  for (const { route } of open.routes.current()) {
    const latest = (await open.ledger.modeChanges(route.name))[0];
    if (latest === undefined || describeMode(latest.mode) === describeMode(route.mode)) continue;
    const when = new Date(latest.createdAtMs).toISOString();
    note(
      `  note: ${route.name} was set to ${describeMode(latest.mode)} on ${when} ` +
        `("${latest.reason}"), and --mode ${describeMode(mode)} overrules that.`,
    );
  }
}

async function stop(
  { note }: GatewayVoice,
  open: OpenGateway,
  drainMs: number,
  tell: (event: string, facts: object) => void,
): Promise<void> {
  const { inFlight } = open.gateway.stats();
  const background = open.router.backgroundCalls();
  if (inFlight + background > 0) {
    const work = `${inFlight} in flight and ${background} in the background`;
    const limit = `${drainMs / 1_000} s`;
    note(`Stopping: waiting up to ${limit} for ${work}. Ctrl-C again stops at once.`);
  }
  const counts = await open.shutDown(AbortSignal.timeout(drainMs));
  const { finished, cut, backgroundGivenUp, committedEntries, lostEntries } = counts;
  tell("stopped", counts);
  note(
    `Stopped: ${finished} finished, ${cut} cut, ${backgroundGivenUp} in the background given up; ` +
      `${counted(committedEntries, "entry", "entries")} written, ${lostEntries} lost.`,
  );
}

async function openOrExplain(
  loaded: LoadedConfig,
  options: Parameters<typeof openGateway>[1],
): Promise<OpenGateway> {
  try {
    return await openGateway(loaded.config, options);
  } catch (error) {
    const { host, port } = loaded.config.server;
    const whatToDo =
      "`leadsman up --port 0` takes any free one; `server.port` in leadsman.yaml changes it for good.";
    throw portTaken(error, `Port ${port} of ${host}`, whatToDo) ?? error;
  }
}
