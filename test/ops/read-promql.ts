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
  const { peek, take, word, list } = readTokens(query);
  const selectors: Selector[] = [];
  const groupings: Grouping[] = [];

  function readExpression(): void {
    readOperand();
    while (OPERATORS.has(peek())) {
      take(peek());
      readOperand();
    }
  }
  function readOperand(): void {
    const first = peek();
    if (/^\d/.test(first)) take(first);
    else if (first === "(") {
      take("(");
      readExpression();
      take(")");
    } else if (AGGREGATIONS.has(first)) readAggregation(first);
    else if (FUNCTIONS.has(first)) readCall(first);
    else readSelector();
  }
  function readAggregation(operator: string): void {
    take(operator);
    const by: string[] = [];
    if (peek() === "by") {
      take("by");
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
    take(name);
    take("(");
    if (FUNCTIONS.get(name) === true) {
      readSelector(true);
      take(")");
    } else list(readExpression, ")");
  }
  function readSelector(needsRange = false): void {
    const metric = word(METRIC, "a metric");
    const matched: string[] = [];
    if (peek() === "{") {
      take("{");
      list(() => {
        matched.push(word(LABEL, "a label"));
        word(/^(?:=|!=|=~|!~)$/, "a comparison");
        word(/^"/, "a text");
      }, "}");
    }
    const isRange = needsRange || peek() === "[";
    if (isRange) {
      take("[");
      word(/^(?:\d+[smhd]|\$__rate_interval|\$__range)$/, "a duration");
      take("]");
    }
    selectors.push({ metric, matched, isRange });
  }

  readExpression();
  take("");
  return { selectors, groupings };
}

const LABEL = /^[a-z_]\w*$/;
const METRIC = /^[a-z_]\w*$/;

interface TokenReader {
  /** The next token; empty at the end. */
  readonly peek: () => string;
  readonly take: (wanted: string) => void;
  readonly word: (form: RegExp, wanted: string) => string;
  /** What is told apart by commas, and what ends it. */
  readonly list: (readOne: () => void, end: string) => void;
}

function readTokens(query: string): TokenReader {
  const tokens = tokensOf(query);
  let at = 0;
  const peek = (): string => tokens[at] ?? "";
  const word = (form: RegExp, wanted: string): string => {
    const found = peek();
    if (!form.test(found)) {
      throw new Error(`Wanted ${wanted} as token ${String(at)}, found "${found}" in ${query}`);
    }
    at += 1;
    return found;
  };
  const take = (wanted: string): void => {
    if (peek() !== wanted) word(/(?!)/, wanted === "" ? "the end" : wanted);
    at += 1;
  };
  const list = (readOne: () => void, end: string): void => {
    if (peek() !== end) readOne();
    while (peek() === ",") {
      take(",");
      readOne();
    }
    take(end);
  };
  return { peek, take, word, list };
}

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
