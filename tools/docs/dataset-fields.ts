import { LABEL_MEMBERS } from "../../src/datasets/labels/read-label-row.ts";
import { ROW_MEMBERS, SIDE_MEMBERS } from "../../src/datasets/rows/row-members.ts";

/** The names that rows of data sets may use, as the reader knows them. */
export function renderDatasetFields(): string {
  return [
    ...tableOf("Member of a row", ROW_MEMBERS, ROW_MEANINGS),
    "",
    ...tableOf("Member of `cheap` and `deep`", SIDE_MEMBERS, SIDE_MEANINGS),
    "",
  ].join("\n");
}

/** The names that rows of labels may use. */
export function renderLabelFields(): string {
  return [...tableOf("Member of a label", LABEL_MEMBERS, LABEL_MEANINGS), ""].join("\n");
}

const LABEL_MEANINGS: Readonly<Record<keyof typeof LABEL_MEMBERS, string>> = {
  requestId: "id of a request, or of an item as `export --evidence` tells it",
  id: "the same; with `--dataset` the id that a row has in that data set",
  correct: "true, 1, `right` or `correct`; false, 0, `wrong` or `incorrect`",
  tier: "whose answer: `cheap`, `deep`, or the position of a tier from 0",
  grader: "which person or system says so; `import` where it is missing",
  note: "what else there is to say",
  route: "with `--dataset`: the row's route; `--route` where it is missing",
};

const ROW_MEANINGS: Readonly<Record<keyof typeof ROW_MEMBERS, string>> = {
  id: "the row's own name in its data set",
  route: "route that it is about; `--route` where it is missing",
  task: "task; `--task` where it is missing",
  createdAt: "ISO 8601 time with its zone, or milliseconds since 1970; else the time of the import",
  cluster: "what belongs together and is not independent, for example a session",
  input: "the prompt as a text, or as a list of messages",
  messages: "the prompt as messages of the Messages API",
  system: "system prompt beside `input` or `messages`",
  request: "the prompt as a whole body of the Messages API",
  ideal: "the right answer, or a list of right ones",
  cheap: "what the first model answered: an object, see below",
  deep: "what the last model answered: an object, see below",
};

const SIDE_MEANINGS: Readonly<Record<keyof typeof SIDE_MEMBERS, string>> = {
  model: "model id",
  answer: "text of the answer; null when the model gave none",
  confidence: "number from 0 to 1; anything else counts as none and is never scaled",
  correct: "true, 1, `right` or `correct`; false, 0, `wrong` or `incorrect`",
  costNanoUsd: "whole nano-dollars",
  costUsd: "dollars",
  latencyMs: "milliseconds",
  latencySeconds: "seconds",
  promptHash: "hash of the instruction that asked for the confidence",
  missing: "why there is no answer that could ship, in a word that receipts use",
};

function tableOf<Member extends string>(
  heading: string,
  members: Readonly<Record<Member, readonly string[]>>,
  meanings: Readonly<Record<Member, string>>,
): readonly string[] {
  const rows = (Object.keys(members) as Member[]).map((member) => {
    const [name = "", ...others] = members[member].map((one) => `\`${one}\``);
    return `| ${name} | ${others.join(", ")} | ${meanings[member]} |`;
  });
  return ["", `| ${heading} | other names | meaning |`, "|---|---|---|", ...rows];
}
