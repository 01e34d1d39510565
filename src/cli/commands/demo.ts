import { Command, InvalidArgumentError } from "commander";
import { counted } from "../../reports/format-number.ts";
import { openDemo, type Demo } from "../../compose/open-demo.ts";
import { reportJson } from "../../reports/report-json.ts";
import { systemClock } from "../../support/clock.ts";
import { EXIT, type CliIo } from "../cli-io.ts";
import type { CommandContext } from "../command-context.ts";
import { createOutputPaint } from "../output-paint.ts";
import { examples } from "../examples.ts";
import { portValue } from "../option-values.ts";
import { createPaint } from "../paint.ts";
import { createProgress } from "../progress.ts";
import { renderDemoReport, renderDemoStart, renderNextSteps } from "../render-demo.ts";
import { whenAborted } from "../when-aborted.ts";

interface DemoCommandOptions {
  readonly requests: number;
  readonly seed: string;
  readonly port: number;
  readonly serve?: boolean;
  readonly keep?: boolean;
}

/** Calls of the demonstration's client at a time. */
const CONCURRENCY = 8;

/** Half an hour of calls; more belongs to a benchmark. */
const MAX_REQUESTS = 100_000;

/** Shows the whole thing at work without a key and without a network. */
export function demoCommand(context: CommandContext): Command {
  return new Command("demo")
    .summary("see it work in some seconds, without a key and without a network")
    .description(
      "Sends a support desk's traffic through the real gateway to a simulated Messages API on " +
        "this machine, and shows what became of it: decisions, cost, latency, a receipt. Needs no " +
        "key; nothing leaves this machine. All numbers come from the ledger.",
    )
    .option("--requests <n>", "how many requests", countValue, 400)
    .option("--seed <text>", "equal seeds give equal traffic and decisions", "demo")
    .option("--port <port>", "port of the gateway, 0 for any free one", portValue, 0)
    .option("--serve", "keep gateway and simulated API running until interrupted")
    .option("--keep", "leave the ledger and its configuration where they are")
    .addHelpText("after", examples(["leadsman demo", "leadsman demo --requests 100 --serve"]))
    .action((options: DemoCommandOptions) => runDemo(context, options));
}

async function runDemo(context: CommandContext, options: DemoCommandOptions): Promise<void> {
  const { io, finish } = context;
  const onError = (error: unknown): void => {
    io.note(`! ${error instanceof Error ? error.message : String(error)}`);
  };
  const demo = await openDemo({ seed: options.seed, port: options.port, onError });
  try {
    const isClean = await showDemo(context, demo, options);
    if (!isClean) finish(io.stopSignal.aborted ? EXIT.interrupted : EXIT.failure);
    else if (options.serve === true) {
      await serve(io, demo);
      finish(EXIT.ok);
    }
  } finally {
    await demo.close(options.keep === true);
    if (options.keep === true) io.note(`  Kept in ${demo.folder}`);
  }
}

/** @returns false when the demonstration was cut short or a call failed */
async function showDemo(
  { io, settings }: CommandContext,
  demo: Demo,
  { requests, seed }: DemoCommandOptions,
): Promise<boolean> {
  const paint = createPaint(io.hasColour);
  const clock = systemClock;
  io.note(renderDemoStart(demo, paint));
  const startedMs = clock.monotonicMs();
  const progress = createProgress(io, paint, { total: requests, what: "requests" }, () =>
    clock.monotonicMs(),
  );
  const outcome = await demo.send({
    requests,
    concurrency: CONCURRENCY,
    signal: io.stopSignal,
    onProgress: progress.update,
  });
  progress.end();
  if (io.stopSignal.aborted) {
    io.note(`  Interrupted after ${counted(outcome.sent, "request")}.`);
    return false;
  }
  const tookMs = clock.monotonicMs() - startedMs;
  const report = await demo.report();
  const { gatewayUrl, upstreamUrl, configPath, timeScale } = demo;
  if (settings().json) {
    const facts = { seed, gatewayUrl, upstreamUrl, configPath, timeScale, tookMs, outcome };
    io.out(reportJson("demo", { ...facts, ...report }, 2));
  } else {
    io.out(renderDemoReport(report, { tookMs, timeScale }, createOutputPaint(io)));
    io.note(renderNextSteps(paint));
  }
  if (outcome.failed > 0) {
    io.note(
      `  ${counted(outcome.failed, "call")} failed; the first with: ${outcome.firstFailure ?? ""}`,
    );
  }
  return outcome.failed === 0;
}

function countValue(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= MAX_REQUESTS) return count;
  throw new InvalidArgumentError(`Wanted a whole number from 1 to ${MAX_REQUESTS}.`);
}

async function serve(io: CliIo, { gatewayUrl, configPath }: Demo): Promise<void> {
  io.note(
    [
      `  Still running at ${gatewayUrl}, with answers made up:`,
      "",
      `    export ANTHROPIC_BASE_URL=${gatewayUrl}`,
      `    npx leadsman status --config ${configPath}`,
      "",
      "  Ctrl-C stops it.",
    ].join("\n"),
  );
  await whenAborted(io.stopSignal);
}
