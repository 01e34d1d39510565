/** A gateway in a process of its own, to be killed. */
import { openGateway } from "../../src/compose/open-gateway.ts";
import { stackConfig, type StackOptions } from "./open-stack.ts";

const [folder = "", upstreamUrl = "", options = "{}"] = process.argv.slice(2);
const stackOptions = JSON.parse(options) as StackOptions;
const open = await openGateway(stackConfig(folder, upstreamUrl, stackOptions), { jobPollMs: 5 });
process.send?.({ url: open.gateway.url });
