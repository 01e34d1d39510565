/** What a detector remembers: small, plain data that the next process goes on with. */
export interface WatchState {
  /**
   * What it is about, in the order and words of whoever watches (detector, route, tier, model, prompt).
   * A changed one is another state, which starts fresh.
   */
  readonly name: string;
  readonly route: string;
  /** JSON, as the detector reads it. */
  readonly json: string;
  readonly updatedAtMs: number;
}
