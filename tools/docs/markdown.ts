/** A fenced code block. */
export interface Fence {
  /** What follows the opening fence, for example `sh run`. */
  readonly info: string;
  readonly code: string;
  /** Line of the opening fence, counted from 1. */
  readonly line: number;
}

export interface Link {
  /** As written: an address, a path, a path with `#heading`, or `#heading`. */
  readonly target: string;
  readonly line: number;
}

/** The fenced code blocks of a Markdown text, in their order. */
export function fencesOf(markdown: string): readonly Fence[] {
  const fences: Fence[] = [];
  let open: { readonly info: string; readonly line: number; readonly code: string[] } | null = null;
  for (const [index, line] of markdown.split("\n").entries()) {
    const mark = /^ {0,3}```(.*)$/.exec(line);
    if (open === null && mark !== null) {
      open = { info: (mark[1] ?? "").trim(), line: index + 1, code: [] };
    } else if (open !== null && mark !== null) {
      fences.push({ info: open.info, line: open.line, code: open.code.join("\n") });
      open = null;
    } else open?.code.push(line);
  }
  return fences;
}

/** Inline links and images outside code. */
export function linksOf(markdown: string): readonly Link[] {
  return proseLines(markdown).flatMap(({ text, line }) => {
    const withoutCode = text.replace(/`[^`]*`/g, "`code`");
    return [...withoutCode.matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)].map((match) => ({
      target: match[1] ?? "",
      line,
    }));
  });
}

/** The anchors that headings of the text get where Markdown is shown as a page. */
export function anchorsOf(markdown: string): readonly string[] {
  return proseLines(markdown).flatMap(({ text }) => {
    const title = /^#{1,6}\s+(.*)$/.exec(text)?.[1];
    if (title === undefined) return [];
    const words = title.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "");
    return [words.trim().replaceAll(" ", "-")];
  });
}

/** Rows of every table without their header, each as its cells. */
export function tableRowsOf(markdown: string): readonly (readonly string[])[] {
  const lines = proseLines(markdown).map(({ text }) => text);
  return lines.flatMap((line, index) => {
    const isRow = line.startsWith("|") && !isRuler(line) && !isRuler(lines[index + 1] ?? "");
    return isRow
      ? [
          line
            .split("|")
            .slice(1, -1)
            .map((cell) => cell.trim()),
        ]
      : [];
  });
}

function isRuler(line: string): boolean {
  return /^\|[-:| ]+\|$/.test(line);
}

function proseLines(markdown: string): readonly { readonly text: string; readonly line: number }[] {
  let isInFence = false;
  return markdown.split("\n").flatMap((text, index) => {
    const isFence = /^ {0,3}```/.test(text);
    if (isFence) isInFence = !isInFence;
    return isFence || isInFence ? [] : [{ text, line: index + 1 }];
  });
}
