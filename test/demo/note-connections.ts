// Preloaded into a process under test: writes the address of every connection that it tries to open
// into the file that CONNECTIONS_FILE names.
import { subscribe } from "node:diagnostics_channel";
import { appendFileSync } from "node:fs";
import { Socket } from "node:net";

const path = process.env["CONNECTIONS_FILE"];

subscribe("net.client.socket", (message) => {
  const hasSocket = typeof message === "object" && message !== null && "socket" in message;
  if (!hasSocket || !(message.socket instanceof Socket) || path === undefined) return;
  message.socket.on("connectionAttempt", (address: string) => {
    appendFileSync(path, `${address}\n`);
  });
});
