import { styleText } from "node:util";

/** Colours for words; all of them leave the text as it is where colours are unwanted. */
export interface Paint {
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly good: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly bad: (text: string) => string;
}

type Format = Parameters<typeof styleText>[0];

export function createPaint(hasColour: boolean): Paint {
  const painted = (format: Format) => (text: string) =>
    hasColour ? styleText(format, text, { validateStream: false }) : text;
  return {
    strong: painted("bold"),
    faint: painted("dim"),
    good: painted("green"),
    warning: painted("yellow"),
    bad: painted("red"),
  };
}
