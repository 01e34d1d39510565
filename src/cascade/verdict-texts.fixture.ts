import type { VerdictProblem, VerdictState } from "./verdict.ts";

/** A verdict as a model may write it, and what reading all of it must come to. */
export interface VerdictText {
  readonly name: string;
  readonly text: string;
  readonly state: VerdictState;
  readonly answer: string;
}

/** Good and bad verdicts of an envelope with the fields `confidence` and `answer`. */
export const VERDICT_TEXTS: readonly VerdictText[] = [
  good("plain", '{"confidence":0.93,"answer":"Paris"}', 0.93, "Paris"),
  good("spaced", ' {\n  "confidence" : 0.93 ,\r\n\t"answer" : "Paris"\n} ', 0.93, "Paris"),
  good("confidence 0", '{"confidence":0,"answer":"x"}', 0, "x"),
  good("confidence 1", '{"confidence":1,"answer":"x"}', 1, "x"),
  good("confidence 1.0", '{"confidence":1.0,"answer":"x"}', 1, "x"),
  good("trailing zero", '{"confidence":0.930,"answer":"x"}', 0.93, "x"),
  good("exponent", '{"confidence":1e-1,"answer":"x"}', 0.1, "x"),
  good("capital exponent with plus", '{"confidence":0.05E+1,"answer":"x"}', 0.5, "x"),
  good("negative zero", '{"confidence":-0.0,"answer":"x"}', 0, "x"),
  good("confidence in quotes", '{"confidence":"0.93","answer":"x"}', 0.93, "x"),
  good("confidence in quotes, escaped", '{"confidence":"\\u0030.93","answer":"x"}', 0.93, "x"),
  good("reversed order", '{"answer":"Paris","confidence":0.93}', 0.93, "Paris"),
  good("unsure", '{"confidence":0.2,"answer":"maybe"}', 0.2, "maybe"),
  good("fenced with a language", '```json\n{"confidence":0.9,"answer":"x"}\n```', 0.9, "x"),
  good("fenced without one", '```\n{"confidence":0.9,"answer":"x"}\n```', 0.9, "x"),
  good("fenced with a carriage return", '\n```json \r\n{"confidence":0.9,"answer":"x"}', 0.9, "x"),
  good("byte order mark", '\ufeff{"confidence":0.9,"answer":"x"}', 0.9, "x"),
  good("text behind", '{"confidence":0.9,"answer":"x"} I hope this helps! {', 0.9, "x"),
  good("extra members", extra('"why":"because","n":-1.5e3,"ok":true,"no":null'), 0.9, "x"),
  good("nested extras", extra('"deep":{"confidence":0.1,"a":[{},[],{"b":[1,"]}"]}]}'), 0.9, "x"),
  good("nested answer of an extra", extra('"deep":{"answer":null}'), 0.9, "x"),
  good("escaped key", '{"conf\\u0069dence":0.9,"\\u0061nswer":"x"}', 0.9, "x"),
  good("all escapes", sure('"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9"'), 0.9, '"\\/\b\f\n\r\té'),
  good("raw line ends and tabs", sure('"a\nb\r\n\tc"'), 0.9, "a\nb\r\n\tc"),
  good("leading blanks", sure('" \\n\\tx "'), 0.9, " \n\tx "),
  good("leading invisible marks", sure('"\u200b\u00a0\u2060x"'), 0.9, "\u200b\u00a0\u2060x"),
  good("emoji", sure('"😀 \\ud83d\\ude00 \\uD83D\\uDE00"'), 0.9, "😀 😀 😀"),
  good("lone surrogates", sure('"a\\ud83d \\ude00b"'), 0.9, "a\ufffd \ufffdb"),
  good("surrogates in the wrong order", sure('"\\ude00\\ud83d"'), 0.9, "\ufffd\ufffd"),
  good("a verdict inside the answer", sure('"{\\"confidence\\":0}"'), 0.9, '{"confidence":0}'),
  good("the word null as an answer", sure('"null"'), 0.9, "null"),
  good("separators of lines", sure('"\u2028x\u2029"'), 0.9, "\u2028x\u2029"),

  bad("percent as a number", '{"confidence":93,"answer":"x"}', "confidence_invalid"),
  bad("percent as text", '{"confidence":"93%","answer":"x"}', "confidence_invalid"),
  bad("true", '{"confidence":true,"answer":"x"}', "confidence_invalid"),
  bad("null", '{"confidence":null,"answer":"x"}', "confidence_invalid"),
  bad("negative", '{"confidence":-0.1,"answer":"x"}', "confidence_invalid"),
  bad("slightly over one", '{"confidence":1.0001,"answer":"x"}', "confidence_invalid"),
  bad("large exponent", '{"confidence":1e2,"answer":"x"}', "confidence_invalid"),
  bad("beyond all numbers", '{"confidence":1e999,"answer":"x"}', "confidence_invalid"),
  bad("NaN bare", '{"confidence":NaN,"answer":"x"}', "confidence_invalid"),
  bad("NaN as text", '{"confidence":"NaN","answer":"x"}', "confidence_invalid"),
  bad("Infinity", '{"confidence":Infinity,"answer":"x"}', "confidence_invalid"),
  bad("blank before", '{"confidence":" 0.93","answer":"x"}', "confidence_invalid"),
  bad("blank behind", '{"confidence":"0.93 ","answer":"x"}', "confidence_invalid"),
  bad("empty text", '{"confidence":"","answer":"x"}', "confidence_invalid"),
  bad("a word", '{"confidence":"high","answer":"x"}', "confidence_invalid"),
  bad("comma for a point", '{"confidence":"0,93","answer":"x"}', "confidence_invalid"),
  bad("hexadecimal", '{"confidence":"0x1","answer":"x"}', "confidence_invalid"),
  bad("no digit before the point", '{"confidence":.93,"answer":"x"}', "confidence_invalid"),
  bad("no digit behind the point", '{"confidence":1.,"answer":"x"}', "confidence_invalid"),
  bad("leading zero", '{"confidence":00.5,"answer":"x"}', "confidence_invalid"),
  bad("plus", '{"confidence":+0.5,"answer":"x"}', "confidence_invalid"),
  bad("a fraction", '{"confidence":9/10,"answer":"x"}', "confidence_invalid"),
  bad("an array", '{"confidence":[0.9],"answer":"x"}', "confidence_invalid"),
  bad("an object", '{"confidence":{"value":0.9},"answer":"x"}', "confidence_invalid"),
  bad("two confidences", '{"confidence":0.9,"confidence":0.9}', "confidence_invalid", 0.9),
  bad("escaped twin", '{"confidence":0.9,"conf\\u0069dence":1}', "confidence_invalid", 0.9),
  late(
    "second confidence behind",
    `${sure('"x"').slice(0, -1)},"confidence":0.1}`,
    "confidence_invalid",
  ),

  bad("null answer", sure("null"), "null_answer", 0.9),
  bad("null answer first", '{"answer":null,"confidence":0.9}', "null_answer", 0.9),
  bad("empty answer", sure('""'), "blank_answer", 0.9),
  bad("blank answer", sure('" \\n\\t\\u00a0"'), "blank_answer", 0.9),
  bad("blank answer first", '{"answer":" ","confidence":0.9}', "blank_answer", 0.9),
  bad("invisible answer", sure('"\\u200b\\u2060\\ufeff"'), "blank_answer", 0.9),
  bad("number for an answer", sure("42"), "answer_not_string", 0.9),
  bad("boolean for an answer", sure("false"), "answer_not_string", 0.9),
  bad("array for an answer", sure('["x"]'), "answer_not_string", 0.9),
  bad("object first for an answer", '{"answer":{},"confidence":0.9}', "answer_not_string", 0.9),
  bad("no answer", '{"confidence":0.9}', "answer_missing", 0.9),
  bad("no confidence", '{"answer":"x"}', "confidence_missing"),
  bad("null answer without confidence", '{"answer":null}', "confidence_missing"),
  bad("other case", '{"Confidence":0.9,"answer":"x"}', "confidence_missing"),
  bad("empty object", "{}", "confidence_missing"),

  unreadable("nothing", ""),
  unreadable("blanks", " \n"),
  unreadable("prose", "The capital of France is Paris."),
  unreadable("prose before the object", 'Here it is: {"confidence":0.9,"answer":"x"}'),
  unreadable("an array", '[{"confidence":0.9,"answer":"x"}]'),
  unreadable("a string", '"{}"'),
  unreadable("two backticks", '``{"confidence":0.9,"answer":"x"}'),
  unreadable("four backticks", '````\n{"confidence":0.9,"answer":"x"}'),
  unreadable("a fence with prose", '```json!\n{"confidence":0.9,"answer":"x"}'),
  unreadable("two fences", '```\n```\n{"confidence":0.9,"answer":"x"}'),
  unreadable("single quotes", "{'confidence':0.9,'answer':'x'}"),
  unreadable("bare keys", '{confidence:0.9,answer:"x"}'),
  unreadable("cut inside the number", '{"confidence":0.9'),
  unreadable("cut behind the number", '{"confidence":0.9 ', 0.9),
  unreadable("cut inside the answer's key", '{"confidence":0.9,"answ', 0.9),
  unreadable("cut inside a null", '{"confidence":0.9,"answer":nul', 0.9),
  unreadable("no comma", '{"confidence":0.9 "answer":"x"}', 0.9),
  unreadable("two commas", '{"confidence":0.9,,"answer":"x"}', 0.9),
  unreadable("a colon too many", '{"confidence"::0.9,"answer":"x"}'),
  unreadable("no value", '{"confidence":,"answer":"x"}'),
  unreadable("wrong bracket", '{"confidence":0.9],"answer":"x"}', 0.9),
  unreadable("wrong bracket inside", '{"a":[1},"confidence":0.9,"answer":"x"}'),
  unreadable("comma in an empty array", '{"a":[,],"confidence":0.9,"answer":"x"}'),
  unreadable("an extra that is no JSON", '{"a":undefined,"confidence":0.9,"answer":"x"}'),
  unreadable("a nested one", '{"a":[NaN],"confidence":0.9,"answer":"x"}'),
  unreadable("unknown escape", '{"confidence":0.9,"answer":"\\x41"}', 0.9),
  unreadable("short unicode escape", '{"confidence":0.9,"answer":"\\u00g0"}', 0.9),
  unreadable("raw control character", '{"confidence":0.9,"answer":"\u0007x"}', 0.9),
  unreadable("two answers before the confidence", '{"answer":"x","answer":"y","confidence":1}'),
  late("cut inside the answer", '{"confidence":0.9,"answer":"x', "verdict_unreadable"),
  late("cut inside an escape", '{"confidence":0.9,"answer":"x\\u00', "verdict_unreadable"),
  late("no closing brace", '{"confidence":0.9,"answer":"x"', "verdict_unreadable"),
  late("trailing comma", '{"confidence":0.9,"answer":"x",}', "verdict_unreadable"),
  late("two answers", '{"confidence":0.9,"answer":"x","answer":"y"}', "verdict_unreadable"),
  late("prose inside", '{"confidence":0.9,"answer":"x" as you know}', "verdict_unreadable"),
];

function sure(answer: string): string {
  return `{"confidence":0.9,"answer":${answer}}`;
}

function extra(members: string): string {
  return `{${members},"confidence":0.9,"answer":"x"}`;
}

function good(name: string, text: string, confidence: number, answer: string): VerdictText {
  return { name, text, state: { kind: "complete", confidence }, answer };
}

function bad(
  name: string,
  text: string,
  problem: VerdictProblem,
  confidence: number | null = null,
): VerdictText {
  const state = { kind: "unusable", problem, confidence, answerBegan: false } as const;
  return { name, text, state, answer: "" };
}

function unreadable(name: string, text: string, confidence: number | null = null): VerdictText {
  return bad(name, text, "verdict_unreadable", confidence);
}

/** Trouble after the answer `x` had begun, with confidence 0.9. */
function late(name: string, text: string, problem: VerdictProblem): VerdictText {
  const state = { kind: "unusable", problem, confidence: 0.9, answerBegan: true } as const;
  return { name, text, state, answer: "x" };
}
