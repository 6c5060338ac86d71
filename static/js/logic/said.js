// The takeaway's sentences, put in words.
import { trainingWords } from "./data.js";
import { divergence } from "./divergence.js";
import { percent, plain, scientific } from "./format.js";
import { skipName } from "./short.js";
import { t } from "./words.js";

/**
 * @param {import("./takeaway.js").Said[]} said
 * @returns {string[]} one sentence each
 */
export function sentences(said) {
  return said.map(({ key, values }) => t(`lab.take.${key}`, filled(values)));
}

function filled(values) {
  const words = { ...values };
  if (values.one) words.one = skipName(values.one_skip);
  if (values.other) words.other = skipName(values.other_skip);
  if (values.ending) words.lost = divergence(values.ending);
  if (values.role) words.name = skipName(values.skip);
  const number = values.measure === "loss" ? plain : percent;
  for (const key of ["a", "b"]) if (typeof values[key] === "number") words[key] = number(values[key]);
  if (values.noun) words.set = trainingWords(values.noun, values.kept, values.examples);
  if (values.sides) words.list = values.sides.map((side) => ratio(side)).join(", ");
  return words;
}

function ratio({ skip, ratio: { kind, value, trend } }) {
  const text = kind === "ratio" ? scientific(value) : t(`lab.take.${kind}`);
  return t(`lab.take.${trend ?? "ratio"}`, { name: skipName(skip), ratio: text });
}
