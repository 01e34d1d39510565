/**
 * The gateway for programs that run it themselves. Load a configuration, then open it:
 *
 *     const loaded = loadConfig({ path: "leadsman.yaml", env: {}, readFile: readConfigFile });
 *     if (!loaded.ok) throw new Error(formatProblems(loaded.problem));
 *     const { gateway, shutDown } = await openGateway(loaded.value.config);
 *
 * @module leadsman/gateway
 */
export { openGateway } from "./compose/open-gateway.ts";
export type { OpenGateway, OpenGatewayOptions, ShutDownCounts } from "./compose/open-gateway.ts";
export { formatProblems } from "./config/config-problem.ts";
export type { ConfigProblem } from "./config/config-problem.ts";
export type { LeadsmanConfig } from "./config/config.ts";
export { CONFIG_FILE, loadConfig, readConfigFile } from "./config/load-config.ts";
export type { LoadConfigOptions, LoadedConfig } from "./config/load-config.ts";
export type { Gateway } from "./gateway/start-gateway.ts";
export type { Ledger } from "./ledger/ledger.ts";
export type { RouterObserver } from "./router/router.ts";
export { LeadsmanError } from "./support/leadsman-error.ts";
