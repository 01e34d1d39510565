import { printableText } from "./printable-text.ts";

/**
 * A text of clients or models as lines for a terminal: its own line ends stay, long lines are broken
 * at blanks, and nothing in it is obeyed.
 *
 * @param width characters of a line, at least 10
 */
export function wrapLines(text: string, width: number): readonly string[] {
  return text.split(/\r?\n/).flatMap((line) => wrapLine(printableText(line).trimEnd(), width));
}

function wrapLine(line: string, width: number): readonly string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const blank = rest.lastIndexOf(" ", width);
    let end = blank > width / 3 ? blank : width;
    // Never through the middle of a character that takes two units.
    if (/[\uD800-\uDBFF]/.test(rest.charAt(end - 1))) end -= 1;
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return [...lines, rest];
}
