import { Command, Option } from "commander";
import { counted } from "../../reports/format-number.ts";
import { openSimulation, type SimulatedServer } from "../../compose/open-simulation.ts";
import { EXIT } from "../cli-io.ts";
import type { CommandContext } from "../command-context.ts";
import { examples } from "../examples.ts";
import { amountValue, portValue, shareValue } from "../option-values.ts";
import { createPaint } from "../paint.ts";
import { portTaken } from "../port-taken.ts";
import { toJson } from "../print-json.ts";
import { whenAborted } from "../when-aborted.ts";

interface SimulateOptions {
  readonly port: number;
  readonly host: string;
  readonly seed: string;
  readonly calibration: "calibrated" | "overconfident";
  readonly timeScale: number;
  readonly fault?: string;
  readonly faultShare: number;
}

/** An upstream of our own making, in the foreground. */
export function simulateCommand(context: CommandContext): Command {
  return new Command("simulate")
    .summary("run a simulated upstream, for trials without a key")
    .description(
      "Serves a Messages API whose answers come from no real model, until it is told to stop. " +
        "Point a provider's baseUrl at it to try anything without a key: streaming, faults, a " +
        "cheap model that is surer than it should be.",
    )
    .option("--port <port>", "port to listen on, 0 for any free one", portValue, 8788)
    .option("--host <host>", "address to listen on", "127.0.0.1")
    .option("--seed <text>", "equal seeds give equal answers", "leadsman")
    .addOption(
      new Option("--calibration <kind>", "whether stated confidences mean what they say")
        .choices(["calibrated", "overconfident"])
        .default("calibrated"),
    )
    .option("--time-scale <factor>", "share of a real model's waiting, 0 for none", amountValue, 1)
    .option("--fault <fault>", "what goes wrong, as in the header x-simulate")
    .option("--fault-share <share>", "share of calls that meet the fault", shareValue, 1)
    .addHelpText(
      "after",
      examples([
        "leadsman simulate",
        "leadsman simulate --calibration overconfident --time-scale 0.1",
        "leadsman simulate --fault triage:status=529 --fault-share 20%",
      ]),
    )
    .action((options: SimulateOptions) => runSimulate(context, options));
}

async function runSimulate(context: CommandContext, options: SimulateOptions): Promise<void> {
  const { io, settings, finish } = context;
  const server = await openOrExplain(options);
  const { url, port } = server;
  const paint = createPaint(io.hasColour);
  if (settings().json) io.out(toJson({ event: "listening", isSimulated: true, url, port }));
  io.note(
    [
      `${paint.warning("SIMULATED")} upstream listens on ${paint.strong(url)}`,
      "No real model answers here. Point a provider at it in leadsman.yaml:",
      "",
      "  providers:",
      `    anthropic: { baseUrl: "${url}" }`,
      "",
      "Any key will do. A request can order a fault of its own: x-simulate: deep:status=529",
      paint.faint("Ctrl-C stops at once."),
    ].join("\n"),
  );
  await whenAborted(io.stopSignal);
  const calls = (server.calls().at(-1)?.index ?? -1) + 1;
  await server.close();
  if (settings().json) io.out(toJson({ event: "stopped", calls }));
  io.note(`Stopped after ${counted(calls, "call")}.`);
  finish(EXIT.ok);
}

async function openOrExplain(options: SimulateOptions): Promise<SimulatedServer> {
  try {
    return await openSimulation({ ...options, fault: options.fault ?? null });
  } catch (error) {
    const place = `Port ${options.port} of ${options.host}`;
    throw portTaken(error, place, "`leadsman simulate --port 0` takes any free one.") ?? error;
  }
}
