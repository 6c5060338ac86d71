// The takeaway's sentences, put in words.
import { trainingWords } from "./data.js";
import { percent, plain, scientific } from "./format.js";
import { t } from "./words.js";

/**
 * @param {import("./takeaway.js").Said[]} said
 * @param {{name: (role: string, skip: string) => string}} words what a network is called
 * @returns {string[]} one sentence each
 */
export function sentences(said, { name }) {
  return said.map(({ key, values }) => t(`lab.take.${key}`, filled(values, name)));
}

function filled(values, name) {
  const words = { ...values };
  if (values.one) words.one = name(values.one, values.one_skip);
  if (values.other) words.other = name(values.other, values.other_skip);
  if (values.role) words.name = name(values.role, values.skip);
  const number = values.measure === "loss" ? plain : percent;
  for (const key of ["a", "b"]) if (typeof values[key] === "number") words[key] = number(values[key]);
  if (values.noun) words.set = trainingWords(values.noun, values.kept, values.examples);
  if (values.sides) words.list = values.sides.map((side) => ratio(side, name)).join(", ");
  return words;
}

function ratio({ role, skip, ratio: { kind, value, trend } }, name) {
  const key = { zero: "zero", none: "none", infinite: "infinite_ratio" }[kind];
  const text = kind === "ratio" ? scientific(value) : t(`lab.take.${key}`);
  return t(`lab.take.${trend ?? "ratio"}`, { name: name(role, skip), ratio: text });
}

/**
 * What a network of a pair is called: "plain" and "residual" where that tells them apart, else by
 * its skip.
 */
export function nameOf(roles) {
  const told = roles.includes("plain") && roles.includes("residual");
  return (role, skip) => (told ? t(`common.roles.${role}`) : t(`common.skips.${skip}`));
}
