/**
 * A mistake that code cannot repair: broken configuration, a broken invariant, a refused start.
 * Expected failures (an upstream error, a bad request) are values, never this.
 */
export class LeadsmanError extends Error {
  override readonly name: string = "LeadsmanError";
  /** Stable, lower snake case; scripts may branch on it. */
  readonly code: string;

  /** @param message one sentence that says what was wanted and what was found */
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
