/**
 * Where the code of a thread is: TypeScript in a checkout, JavaScript in what is published.
 *
 * @param inCheckout the entry as it is called in a checkout
 */
export function workerEntry(inCheckout: URL): URL {
  const url = new URL(inCheckout);
  if (import.meta.url.endsWith(".js")) url.pathname = url.pathname.replace(/\.ts$/, ".js");
  return url;
}
