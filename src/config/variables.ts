/** A text after `${VAR}` replacement. */
export interface ReplacedText {
  readonly text: string;
  /** Variables whose value is in the text, in order. */
  readonly variables: readonly string[];
  /** Variables that are not set and have no default, in order. */
  readonly unset: readonly string[];
  /** True when a `${` does not begin a well-formed variable. */
  readonly isMalformed: boolean;
}

const VARIABLE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}|\$\{/g;

/**
 * Replaces `${NAME}` and `${NAME:-default}` (for unset or empty, as shells do); `$${` stands for a
 * plain `${`. What is put in is not looked through again.
 */
export function replaceVariables(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): ReplacedText {
  const variables: string[] = [];
  const unset: string[] = [];
  let isMalformed = false;
  const replaced = text.replace(VARIABLE, (found, name?: string, fallback?: string) => {
    if (found === "$${") return "${";
    if (name === undefined) {
      isMalformed = true;
      return found;
    }
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (value !== undefined && !(value === "" && fallback !== undefined)) {
      variables.push(name);
      return value;
    }
    if (fallback === undefined) unset.push(name);
    return fallback ?? "";
  });
  return { text: replaced, variables, unset, isMalformed };
}
