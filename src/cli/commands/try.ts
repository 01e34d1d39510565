import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Command } from "commander";
import {
  bodyForPrompt,
  explainRequest,
  type RequestExplanation,
} from "../../compose/explain-request.ts";
import { openExistingLedger } from "../../compose/open-existing-ledger.ts";
import { readRoutesInForce } from "../../compose/routes-in-force.ts";
import type { LeadsmanConfig } from "../../config/config.ts";
import { systemClock } from "../../support/clock.ts";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import { EXIT } from "../cli-io.ts";
import type { CommandContext } from "../command-context.ts";
import { createOutputPaint } from "../output-paint.ts";
import { examples } from "../examples.ts";
import { explanationText } from "../explanation-text.ts";
import { openConfig, requireRoute } from "../open-config.ts";
import { printJson } from "../print-json.ts";

interface TryOptions {
  readonly explain?: boolean;
  readonly route?: string;
  readonly model?: string;
  readonly body?: string;
}

/** Says what would happen to a request, and sends nothing. */
export function tryCommand(context: CommandContext): Command {
  return new Command("try")
    .summary("say what would happen to a request, without sending it")
    .description(
      "Says which route a request takes, whether it would be triaged, what each tier would be " +
        "sent and what decides. Uses no network and writes nothing.",
    )
    .argument("[prompt]", "the text of one user message")
    .option("--explain", "also show the bodies, every edit and the draws")
    .option("--route <name>", "as if the header x-leadsman-route named it")
    .option("--model <model>", "the model that the client names (default: the route's last tier)")
    .option("--body <file>", "a whole request body as JSON in place of a prompt")
    .addHelpText(
      "after",
      examples([
        'leadsman try "What is the capital of France?"',
        'leadsman try "Summarise this." --model claude-opus-4-7 --explain',
        "leadsman try --body request.json --json",
      ]),
    )
    .action((prompt: string | undefined, options: TryOptions) => runTry(context, prompt, options));
}

async function runTry(
  context: CommandContext,
  prompt: string | undefined,
  options: TryOptions,
): Promise<void> {
  const { io, settings, finish } = context;
  const { config } = openConfig(context);
  const routeName = options.route ?? null;
  if (routeName !== null) requireRoute(config.routes, routeName);
  const body = readBody(context, config, prompt, options);
  const explanation = await explain(config, body, routeName);
  if (settings().json) printJson(io, withReadBodies(explanation));
  else io.out(explanationText(explanation, options.explain === true, createOutputPaint(io)));
  if (explanation.selection.kind === "problem") finish(EXIT.failure);
}

/** Bodies as JSON rather than as text in JSON. */
function withReadBodies(explanation: RequestExplanation): object {
  const tiers = explanation.tiers.map((tier) => {
    const body: unknown = JSON.parse(tier.body);
    return { ...tier, body };
  });
  return { ...explanation, tiers };
}

function readBody(
  { io }: CommandContext,
  config: LeadsmanConfig,
  prompt: string | undefined,
  { body, model, route }: TryOptions,
): string {
  if ((prompt === undefined) === (body === undefined)) {
    throw new LeadsmanError(
      "usage",
      "Wanted either a prompt in quotes or --body with a file, " +
        (prompt === undefined ? "found neither" : "found both") +
        '. For example: leadsman try "Where is my parcel?"',
    );
  }
  if (body === undefined) {
    return bodyForPrompt(config, prompt ?? "", { model: model ?? null, routeName: route ?? null });
  }
  if (model !== undefined) {
    throw new LeadsmanError("usage", "A --body names its own model, so --model is not for it.");
  }
  try {
    return readFileSync(resolve(io.workingDirectory, body), "utf8");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new LeadsmanError("usage", `The file of --body cannot be read: ${why}.`);
  }
}

/** With the thresholds and modes that are in force, where there is a ledger to ask. */
async function explain(
  config: LeadsmanConfig,
  body: string,
  routeName: string | null,
): Promise<RequestExplanation> {
  const ledger = await openExistingLedger(config.ledger, systemClock);
  try {
    const routes = await readRoutesInForce(config, ledger);
    return explainRequest(config, routes, { body, routeName });
  } finally {
    await ledger?.close();
  }
}
