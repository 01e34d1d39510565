/**
 * Verdicts as models really break them, by name. Each is the whole text of an answer to a triage.
 * Some are unusual yet sound; what a reader must make of each is the reader's business.
 */
export const MALFORMED_VERDICTS: Readonly<Record<string, string>> = {
  prose_first: 'Sure! Here it is: {"confidence":0.95,"answer":"yes"}',
  prose_only: "I would say I am about 95 % sure that the answer is yes.",
  fenced: '```json\n{"confidence":0.95,"answer":"yes"}\n```',
  reversed: '{"answer":"yes","confidence":0.95}',
  text_after: '{"confidence":0.95,"answer":"yes"} I hope this helps.',
  duplicate_confidence: '{"confidence":0.95,"confidence":0.2,"answer":"yes"}',
  percent_string: '{"confidence":"93%","answer":"yes"}',
  percent_number: '{"confidence":93,"answer":"yes"}',
  number_string: '{"confidence":"0.93","answer":"yes"}',
  negative: '{"confidence":-0.1,"answer":"yes"}',
  true_confidence: '{"confidence":true,"answer":"yes"}',
  null_confidence: '{"confidence":null,"answer":"yes"}',
  missing_confidence: '{"answer":"yes"}',
  null_answer_high_confidence: '{"confidence":0.95,"answer":null}',
  missing_answer: '{"confidence":0.95}',
  blank_answer: '{"confidence":0.95,"answer":"  \\n "}',
  object_answer: '{"confidence":0.95,"answer":{"text":"yes"}}',
  number_answer: '{"confidence":0.95,"answer":42}',
  array: '[{"confidence":0.95,"answer":"yes"}]',
  unclosed: '{"confidence":0.95,"answer":"yes',
  bad_escape: '{"confidence":0.95,"answer":"yes \\q no"}',
  escaped_surrogates: '{"confidence":0.95,"answer":"\\ud83d\\ude00 caf\\u00e9"}',
  exponent: '{"confidence":9.5e-1,"answer":"yes"}',
  spaced: '{\n  "confidence" : 0.95 ,\n  "answer" : "yes"\n}',
  empty_text: "",
};

/** The verdict of that name, or null. */
export function malformedVerdict(name: string): string | null {
  return Object.hasOwn(MALFORMED_VERDICTS, name) ? (MALFORMED_VERDICTS[name] ?? null) : null;
}
