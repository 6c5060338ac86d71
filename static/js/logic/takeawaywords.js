// The takeaway's sentences, put in words.
import { trainingWords } from "#logic/data.js";
import { divergence } from "#logic/divergence.js";
import { acrossWords } from "#logic/flow.js";
import { percent, plain } from "#logic/format.js";
import { skipName } from "#logic/skips.js";
import { t } from "#logic/words.js";

/**
 * @param {import("#logic/takeaway.js").Finding[]} findings
 * @returns {string[]} one sentence each
 */
export function sentences(findings) {
  return findings.map(({ key, values }) => t(`lab.take.${key}`, filled(values)));
}

function filled(values) {
  const words = { ...values };
  if (values.one) words.one = skipName(values.one);
  if (values.other) words.other = skipName(values.other);
  if (values.ending) words.lost = divergence(values.ending);
  if (values.skip) words.name = skipName(values.skip);
  const number = values.measure === "loss" ? plain : percent;
  for (const key of ["a", "b"]) if (typeof values[key] === "number") words[key] = number(values[key]);
  if (values.noun) words.set = trainingWords(values.noun, values.kept, values.examples);
  if (values.batches) words.recent = t(`lab.take.last_batch${values.batches === 1 ? "" : "es"}`, values);
  if (values.sides) words.list = values.sides.map(gradient).join(", ");
  return words;
}

/** How the gradient of one network fares; after another's factor, only how many times. */
function gradient({ skip, across }, i, sides) {
  const brief = sides[i - 1]?.across.kind === "ratio";
  return t("lab.take.gradient", { name: skipName(skip), words: acrossWords(across, { brief }) });
}
