/** What vitest's JSON report says, as far as it is read here. */
export interface TestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** More of them at once are no accident. */
const MOST_CRASHED = 3;

/**
 * Files of a failed run whose process died before its tests had ended, while no test failed. Seen on
 * Node 24: V8 now and then aborts a process that has opened and closed many threads, with "Check
 * failed: jit_page.has_value()"; nodejs/node issue 64500 collects such cases. Empty when that is not
 * all that happened.
 */
export function crashedTestFiles({ numFailedTests, testResults }: TestReport): readonly string[] {
  const crashed = testResults.filter(({ assertionResults }) =>
    assertionResults.some(({ status }) => status === "pending"),
  );
  if (numFailedTests > 0 || crashed.length > MOST_CRASHED) return [];
  return crashed.map(({ name }) => name);
}
