/** What somebody who knows says of one answer. */
export interface Label {
  /** Id of the request or of the imported item. */
  readonly itemId: string;
  /**
   * Whose answer: the position of the tier that gave it. Null = of a request the answer that its
   * client got, of a row of a data set the cheap one.
   */
  readonly tier: number | "cheap" | "deep" | null;
  readonly outcome: "right" | "wrong";
  /** Which person or system says so. */
  readonly grader: string;
  readonly note: string | null;
}

/** Why a label was not taken. */
export interface LabelProblem {
  readonly code: LabelProblemCode;
  /** A sentence about the label, without its subject. */
  readonly message: string;
}

export type LabelProblemCode =
  /** No request and no imported item has this id. */
  | "unknown_item"
  /** Several rows of the data set have this id. */
  | "ambiguous_item"
  /** The request compares nothing that a label could teach about. */
  | "no_evidence"
  /** The tier that it is about gave no answer. */
  | "no_answer"
  /** The same was said before and taken back. */
  | "taken_back";
