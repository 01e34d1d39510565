/** Upstream reports a model by its snapshot, for example with a date behind the name. */
export function isSameModel(reported: string, configured: string): boolean {
  return (
    configured === "requested" || reported === configured || reported.startsWith(`${configured}-`)
  );
}
