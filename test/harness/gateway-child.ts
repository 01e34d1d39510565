/** A gateway in a process of its own, to be killed. */
import { openGateway } from "../../src/compose/open-gateway.ts";
import { stackConfig } from "./open-stack.ts";

const [folder = "", upstreamUrl = ""] = process.argv.slice(2);
const open = await openGateway(stackConfig(folder, upstreamUrl, {}));
process.send?.({ url: open.gateway.url });
