import { Command, InvalidArgumentError } from "commander";
import type { RouteMode } from "../../cascade/route.ts";
import { changeMode } from "../../compose/change-mode.ts";
import { openLedger } from "../../compose/open-ledger.ts";
import { parseRouteMode } from "../../config/parse-mode.ts";
import { systemClock } from "../../support/clock.ts";
import type { CommandContext } from "../command-context.ts";
import { describeMode } from "../describe-route.ts";
import { examples } from "../examples.ts";
import { openConfig, requireRoute } from "../open-config.ts";
import { MODE_WANTED } from "../option-values.ts";
import { printJson } from "../print-json.ts";

interface ModeOptions {
  readonly reason: string;
}

/** The audited switch. */
export function modeCommand(context: CommandContext): Command {
  return new Command("mode")
    .summary("change a route's mode, with a reason; the kill switch is `off`")
    .description(
      "Writes the mode of a route into the ledger, with your reason. A running gateway takes it " +
        "over within 2 seconds; one that starts later finds it there. It holds until the mode in " +
        "the configuration changes.",
    )
    .argument("<route>", "name of the route")
    .argument("<mode...>", "off, shadow, live, or canary with a share such as 5%")
    .requiredOption("--reason <text>", "why, for the audit", reasonValue)
    .addHelpText(
      "after",
      examples([
        'leadsman mode support off --reason "answers look wrong since the deploy"',
        'leadsman mode support canary 5% --reason "pairs agree in 98 of 100"',
      ]),
    )
    .action((route: string, words: readonly string[], { reason }: ModeOptions, self: Command) => {
      const mode = parseRouteMode(words.join(" "));
      if (mode !== null) return runMode(context, route, mode, reason);
      return self.error(`error: "${words.join(" ")}" is no mode: ${MODE_WANTED}`);
    });
}

async function runMode(
  context: CommandContext,
  route: string,
  mode: RouteMode,
  reason: string,
): Promise<void> {
  const { io, settings } = context;
  const { config } = openConfig(context);
  requireRoute(config.routes, route);
  const ledger = await openLedger(config.ledger, systemClock);
  try {
    const order = { route, mode, reason, by: "operator" };
    const outcome = await changeMode(config, ledger, order, systemClock);
    const { before, change, isHeldInShadow } = outcome;
    if (settings().json) printJson(io, { ...change, before, isHeldInShadow });
    else io.out(`${route}: ${describeMode(before)} → ${describeMode(mode)}`);
    io.note("A running gateway takes this over within 2 seconds.");
    if (isHeldInShadow) {
      io.note(`${route} wants a certificate and has none, so it stays in shadow until it does.`);
    }
  } finally {
    await ledger.close();
  }
}

function reasonValue(text: string): string {
  if (text.trim() !== "") return text.trim();
  throw new InvalidArgumentError("Wanted a few words that will explain the change later.");
}
