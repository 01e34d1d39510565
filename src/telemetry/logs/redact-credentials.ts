const CENSOR = "[redacted]";

/** What credentials look like, wherever they stand; `$1` is kept. */
const FORMS: readonly RegExp[] = [
  // Keys of vendors.
  /()\bsk-[\w-]{8,}/g,
  // Credentials of HTTP.
  /\b((?:bearer|basic) +)[\w.~+/=-]{6,}/gi,
  // Members and headers that hold one, in JSON and in prose.
  /("?(?:authorization|x-api-key|x-leadsman-token|api_?key|password|secret)"?\s*[:=]\s*"?)[^"\s,}]+/gi,
  // A password in an address.
  /(\/\/[^\s/:@"]*:)[^\s/@"]+(?=@)/g,
];

/**
 * A line of a log without credentials. A second line of defence: nothing that logs is given one in
 * the first place.
 *
 * @param secrets those of the configuration, taken out wherever they occur
 */
export function createRedaction(secrets: readonly string[]): (line: string) => string {
  const known = secrets
    .map((secret) => JSON.stringify(secret).slice(1, -1))
    // Longer ones first: one may be the beginning of another.
    .toSorted((a, b) => b.length - a.length);
  return (line) => {
    let rest = line;
    for (const secret of known) rest = rest.replaceAll(secret, CENSOR);
    for (const form of FORMS) rest = rest.replace(form, `$1${CENSOR}`);
    return rest;
  };
}
