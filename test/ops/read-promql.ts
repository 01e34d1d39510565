/** A time series that a query reads. */
export interface Selector {
  readonly metric: string;
  /** Labels that it picks by. */
  readonly matched: readonly string[];
  /** It ends with a range, such as `[5m]`. */
  readonly isRange: boolean;
}

/** `sum by (a) (…)`: what it groups by, and what it reads. */
export interface Grouping {
  readonly operator: string;
  readonly by: readonly string[];
  readonly selectors: readonly Selector[];
}

export interface ReadQuery {
  readonly selectors: readonly Selector[];
  readonly groupings: readonly Grouping[];
}

const TOKEN =
  /\s*(\d+(?:\.\d+)?(?!\w)|\$?\w+|"(?:[^"\\]|\\.)*"|=~|!~|!=|==|>=|<=|[-+*/%^<>=(){}[\],])/y;
const AGGREGATIONS = new Set(["sum", "max", "min", "avg", "count"]);
/** Functions, and whether they take a range. */
const FUNCTIONS: ReadonlyMap<string, boolean> = new Map([
  ["rate", true],
  ["increase", true],
  ["histogram_quantile", false],
  ["vector", false],
]);
const OPERATORS = new Set([
  ...["+", "-", "*", "/", "%", "^", "==", "!=", ">", "<", ">=", "<="],
  ...["and", "or", "unless"],
]);

/**
 * Reads the part of PromQL that our files use, and fails at everything else: that a query is sound
 * must show without Prometheus. Variables of Grafana stand where a duration may stand.
 */
export function readPromql(query: string): ReadQuery {
  const tokens = tokensOf(query);
  const selectors: Selector[] = [];
  const groupings: Grouping[] = [];
  let at = 0;
  const fail = (wanted: string): never => {
    throw new Error(
      `Wanted ${wanted}, found ${tokens[at] ?? "the end"} (${String(at)}) in ${query}`,
    );
  };
  const peek = (): string => tokens[at] ?? "";
  const take = (wanted: string): void => {
    if (peek() !== wanted) fail(wanted);
    at += 1;
  };
  const word = (form: RegExp, wanted: string): string => {
    const found = peek();
    if (!form.test(found)) fail(wanted);
    at += 1;
    return found;
  };
  const list = (readOne: () => void, end: string): void => {
    if (peek() !== end) readOne();
    while (peek() === ",") {
      at += 1;
      readOne();
    }
    take(end);
  };

  function readExpression(): void {
    readOperand();
    while (OPERATORS.has(peek())) {
      at += 1;
      readOperand();
    }
  }
  function readOperand(): void {
    const first = peek();
    if (/^\d/.test(first)) at += 1;
    else if (first === "(") {
      at += 1;
      readExpression();
      take(")");
    } else if (AGGREGATIONS.has(first)) readAggregation(first);
    else if (FUNCTIONS.has(first)) readCall(first);
    else readSelector();
  }
  function readAggregation(operator: string): void {
    at += 1;
    const by: string[] = [];
    if (peek() === "by") {
      at += 1;
      take("(");
      list(() => by.push(word(LABEL, "a label")), ")");
    }
    const from = selectors.length;
    take("(");
    readExpression();
    take(")");
    groupings.push({ operator, by, selectors: selectors.slice(from) });
  }
  function readCall(name: string): void {
    at += 1;
    const from = selectors.length;
    take("(");
    list(readExpression, ")");
    const takesRange = FUNCTIONS.get(name) === true;
    const direct = tokens[at - 2] === "]";
    if (takesRange && (!direct || selectors.length !== from + 1)) fail(`a range in ${name}`);
  }
  function readSelector(): void {
    const metric = word(METRIC, "a metric");
    const matched: string[] = [];
    if (peek() === "{") {
      at += 1;
      list(() => {
        matched.push(word(LABEL, "a label"));
        word(/^(?:=|!=|=~|!~)$/, "a comparison");
        word(/^"/, "a text");
      }, "}");
    }
    const isRange = peek() === "[";
    if (isRange) {
      at += 1;
      word(/^(?:\d+[smhd]|\$__rate_interval|\$__range)$/, "a duration");
      take("]");
    }
    selectors.push({ metric, matched, isRange });
  }

  readExpression();
  if (at < tokens.length) fail("the end");
  return { selectors, groupings };
}

const LABEL = /^[a-z_]\w*$/;
const METRIC = /^[a-z_]\w*$/;

function tokensOf(query: string): readonly string[] {
  const tokens: string[] = [];
  const text = query.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const from = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (found === null) throw new Error(`Wanted PromQL, found ${text.slice(from)}`);
    tokens.push(found[0].trim());
  }
  return tokens;
}
