import { Command } from "commander";
import { readRoutesInForce } from "../../compose/routes-in-force.ts";
import { reportJson } from "../../reports/report-json.ts";
import { checkGuarantee, type GuaranteeCheck } from "../../reports/tune/guarantee-check.ts";
import { readTierSample } from "../../reports/tune/read-tier-sample.ts";
import { readTuningEvidence } from "../../reports/tune/read-tuning-evidence.ts";
import { checkTiers, type TierGuaranteeCheck } from "../../reports/tune/tier-check.ts";
import { EXIT } from "../cli-io.ts";
import type { CommandContext } from "../command-context.ts";
import { examples } from "../examples.ts";
import { readLedger } from "../read-ledger.ts";
import { goalOf, routesToTune } from "../tuning-goal.ts";

/** Says whether guarantees hold at the thresholds in force. */
export function checkCommand(context: CommandContext): Command {
  return new Command("check")
    .summary("say whether the guarantee holds at the threshold in force")
    .description(
      "Holds the present evidence against the route's guarantee (default: at most 5 % of all " +
        "requests ship wrong, 95 % confidence). Ends with 0 when it holds, 3 when it is broken, " +
        "and 4 when there is not enough evidence; of several routes the worst counts.",
    )
    .argument("[route]", "name of the route (default: all)")
    .addHelpText("after", examples(["leadsman check", "leadsman check support --json"]))
    .action((route: string | undefined) => runCheck(context, route));
}

async function runCheck(context: CommandContext, name: string | undefined): Promise<void> {
  const { io, settings, finish } = context;
  await readLedger(context, async (ledger, config) => {
    const wanted = routesToTune(config.routes, name).map((route) => route.name);
    const inForce = await readRoutesInForce(config, ledger);
    const checks: (GuaranteeCheck | TierGuaranteeCheck)[] = [];
    for (const { configured, route } of inForce) {
      const threshold = route.tiers[0]?.threshold ?? null;
      if (!wanted.includes(route.name) || threshold === null) continue;
      if (route.tiers.length > 2) {
        const sample = await readTierSample(ledger, { route: route.name }, route.tiers.length);
        const thresholds = route.tiers.slice(0, -1).map((tier) => tier.threshold ?? Infinity);
        checks.push(checkTiers(route.name, sample, goalOf(configured), thresholds));
        continue;
      }
      const evidence = await readTuningEvidence(ledger, { route: route.name });
      checks.push(checkGuarantee(route.name, evidence, goalOf(configured), threshold));
    }
    if (settings().json) io.out(reportJson("check", { routes: checks }, 2));
    else for (const { route, sentence } of checks) io.out(`${route}: ${sentence}`);
    const verdicts = checks.map(({ verdict }) => verdict);
    if (verdicts.includes("broken")) finish(EXIT.guaranteeBroken);
    else if (verdicts.includes("not_known")) finish(EXIT.notEnoughEvidence);
  });
}
