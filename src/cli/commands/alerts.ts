import { Argument, Command } from "commander";
import { acknowledgeAlert } from "../../compose/acknowledge-alert.ts";
import type { ToldAlert } from "../../compose/channel-teller.ts";
import { EXERCISE_KINDS, type ExerciseKind } from "../../compose/exercise-alert.ts";
import { listAlerts } from "../../compose/list-alerts.ts";
import { openLedger } from "../../compose/open-ledger.ts";
import { runExercise } from "../../compose/run-exercise.ts";
import { tryChannels } from "../../compose/try-channels.ts";
import type { LeadsmanConfig } from "../../config/config.ts";
import { CHANNEL_NAME, unknownName } from "../../config/unknown-name.ts";
import { formatTime } from "../../reports/format-number.ts";
import { systemClock } from "../../support/clock.ts";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import { EXIT, type CliIo } from "../cli-io.ts";
import type { CommandContext } from "../command-context.ts";
import { examples } from "../examples.ts";
import { openConfig, requireRoute } from "../open-config.ts";
import { wholeNumberValue } from "../option-values.ts";
import { createOutputPaint } from "../output-paint.ts";
import { printJson, toJson } from "../print-json.ts";
import { readLedger } from "../read-ledger.ts";
import { renderAlert, renderNotification, renderTrial } from "../render-alerts.ts";

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 1_000;

/** What is wrong, who is told, and whether they would be. */
export function alertsCommand(context: CommandContext): Command {
  const command = new Command("alerts")
    .summary("list alerts, acknowledge them, try the channels that tell of them")
    .description(
      "Shows what detectors have told, and tries the channels of the configuration (`alerts`) that " +
        "tell people of it.",
    )
    .addHelpText(
      "after",
      examples([
        "leadsman alerts list --open",
        "leadsman alerts test",
        "leadsman alerts ack alr_…",
      ]),
    );
  addList(context, command);
  addTest(context, command);
  addAck(context, command);
  addSimulate(context, command);
  return command;
}

interface ListOptions {
  readonly open?: boolean;
  readonly route?: string;
  readonly limit?: number;
}

function addList(context: CommandContext, command: Command): void {
  command
    .command("list")
    .description(
      "Lists alerts, newest first, and which channels know. With --json, one alert a line.",
    )
    .option("--open", "only those that last")
    .option("--route <name>", "only of this route")
    .option("--limit <n>", `at most so many (default: ${DEFAULT_LIMIT})`, wholeNumberValue)
    .addHelpText(
      "after",
      examples(["leadsman alerts list --open", "leadsman alerts list --route support --json"]),
    )
    .action((options: ListOptions) => runList(context, options));
}

async function runList(context: CommandContext, options: ListOptions): Promise<void> {
  const { io, settings } = context;
  const { open, route, limit = DEFAULT_LIMIT } = options;
  if (limit < 1 || limit > MAX_LIMIT) {
    throw new LeadsmanError("usage", `Wanted a --limit from 1 to ${MAX_LIMIT}.`);
  }
  await readLedger(context, async (ledger, { alerts, routes }) => {
    if (route !== undefined) requireRoute(routes, route);
    const filter = {
      ...(open === true ? { isOpen: true } : {}),
      ...(route === undefined ? {} : { route }),
    };
    const paint = createOutputPaint(io);
    const found = await listAlerts(alerts, ledger, filter, limit);
    for (const [index, alert] of found.entries()) {
      if (settings().json) io.out(toJson(alert));
      else io.out(`${index === 0 ? "" : "\n"}${renderAlert(alert, paint)}`);
    }
    if (found.length === 0) io.note(open === true ? "No alert is open." : "There is no alert.");
    else if (found.length === limit) io.note(`\nThe newest ${limit}; --limit shows more.`);
  });
}

function addTest(context: CommandContext, command: Command): void {
  command
    .command("test")
    .description(
      "Sends each channel an alert that is marked as an exercise, and its end: at once, once, and " +
        "past the filters of the channel. Exit code 1 when a channel does not take it.",
    )
    .argument("[channel]", "name of a channel (default: all)")
    .addHelpText("after", examples(["leadsman alerts test", "leadsman alerts test ops-slack"]))
    .action((channel: string | undefined) => runTest(context, channel));
}

async function runTest(context: CommandContext, name: string | undefined): Promise<void> {
  const { io, settings, finish } = context;
  const { config } = openConfig(context);
  const { alerts } = config;
  const channels = alerts.channels.filter((channel) => name === undefined || channel.name === name);
  if (name !== undefined && channels.length === 0) {
    throw unknownName(
      CHANNEL_NAME,
      name,
      alerts.channels.map((channel) => channel.name),
    );
  }
  if (channels.length === 0) io.note(CHANNEL_NAME.none);
  const trials = tryChannels({
    ...{ alerts, channels, route: routeFor(config, undefined), clock: systemClock },
    ...{ write: writerTo(io), signal: io.stopSignal },
  });
  const paint = createOutputPaint(io);
  for await (const trial of trials) {
    io.out(settings().json ? toJson(trial) : renderTrial(trial, paint));
    if (trial.outcome.kind === "failed" && !io.stopSignal.aborted) finish(EXIT.failure);
  }
}

function addAck(context: CommandContext, command: Command): void {
  command
    .command("ack")
    .description(
      "Writes down who looks at an alert, for the others. It stays open until what is wrong is over.",
    )
    .argument("<id>", "id of the alert")
    .option("--by <name>", "who looks at it", "operator")
    .addHelpText("after", examples(["leadsman alerts ack alr_… --by ada"]))
    .action((id: string, { by }: { readonly by: string }) => runAck(context, id, by));
}

async function runAck(context: CommandContext, id: string, by: string): Promise<void> {
  const { io, settings } = context;
  await readLedger(context, async (ledger) => {
    const alert = await acknowledgeAlert(ledger, id, by, systemClock);
    if (settings().json) {
      printJson(io, alert);
      return;
    }
    const { acknowledgedBy, acknowledgedAtMs } = alert;
    io.out(
      `${id}: looked at by ${acknowledgedBy ?? by} since ${formatTime(acknowledgedAtMs ?? 0)}`,
    );
  });
}

function addSimulate(context: CommandContext, command: Command): void {
  command
    .command("simulate")
    .description(
      "Opens an alert that is marked as an exercise, and resolves it, through the same outbox and " +
        "filters as real ones. A running gateway tells the channels; where none runs, this command " +
        "does. Nothing else is touched. Exit code 1 when a channel did not take it.",
    )
    .addArgument(new Argument("<kind>", "what kind of alert").choices(EXERCISE_KINDS))
    .option("--route <name>", "route that it names (default: the first)")
    .addHelpText(
      "after",
      examples([
        "leadsman alerts simulate storm",
        "leadsman alerts simulate drift --route support",
      ]),
    )
    .action((kind: ExerciseKind, { route }: { readonly route?: string }) =>
      runSimulate(context, kind, route),
    );
}

async function runSimulate(
  context: CommandContext,
  kind: ExerciseKind,
  route: string | undefined,
): Promise<void> {
  const { io, settings, finish } = context;
  const { config } = openConfig(context);
  if (route !== undefined) requireRoute(config.routes, route);
  const ledger = await openLedger(config.ledger, systemClock);
  try {
    const exercise = await runExercise({
      ...{ alerts: config.alerts, ledger, kind, route: routeFor(config, route) },
      ...{ clock: systemClock, write: writerTo(io), signal: io.stopSignal },
      onError: (error) => {
        io.note(`! ${error instanceof Error ? error.message : String(error)}`);
      },
    });
    const { alert, notifications, isByGateway } = exercise;
    const paint = createOutputPaint(io);
    if (settings().json) printJson(io, exercise);
    else for (const told of notifications) io.out(renderNotification(told, paint));
    if (notifications.length === 0) io.note("No channel wants such an alert.");
    else if (isByGateway) io.note(`A running gateway has told of ${alert.id}.`);
    else io.note(`No gateway was at work, so this command has told of ${alert.id}.`);
    const isTold = notifications.every(({ state }) => state === "done");
    if (!isTold && !io.stopSignal.aborted) finish(EXIT.failure);
  } finally {
    await ledger.close();
  }
}

/** Standard output is for data here, so the line of the log is shown beside it. */
function writerTo(io: CliIo): (alert: ToldAlert) => void {
  return ({ line }) => {
    io.note(line);
  };
}

function routeFor({ routes }: LeadsmanConfig, wanted: string | undefined): string {
  return wanted ?? routes[0]?.name ?? "default";
}
