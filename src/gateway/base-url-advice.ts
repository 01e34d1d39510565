import type { IncomingMessage } from "node:http";

/**
 * What to do about a path that a wrong base URL leads to, as the end of a sentence: a client appends
 * `/v1/messages` to whatever it was given. Empty for any other path.
 *
 * @param request its `Host` header has been checked
 */
export function baseUrlAdvice({ url = "", headers }: IncomingMessage): string {
  const [path = ""] = url.split("?");
  if (path.startsWith("/_leadsman/") || !/\/(?:v1|messages)(?:\/|$)/.test(path)) return "";
  const { host } = headers;
  return (
    ". Give clients the base URL without a path, without /v1 and without a slash at its end" +
    (host === undefined ? "" : `, such as http://${host}`)
  );
}
