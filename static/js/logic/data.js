// What is known of a data set: the one place where its name leads to its facts.
import { count as thousands } from "#logic/format.js";
import { chosen } from "#logic/spec.js";
import { t } from "#logic/words.js";

/** The name of the data set in a RunSpec, or in its flat values. */
export const nameOf = (spec) => chosen(spec.data);

/**
 * The facts of the data set that a RunSpec (or its flat values) names.
 *
 * A registered set's and those of one's own images are the catalog's. Images that are not on this
 * machine, or not as they should be, may have been trained on before: of them only what is true
 * of all is known, and `chance` and `train_size` are null.
 */
export function dataOf(spec, catalog) {
  const name = nameOf(spec);
  return (
    catalog.data.find((one) => one.name === name) ?? {
      name,
      title: name,
      noun: t("common.data.noun"),
      kind: "image",
      task: "classification",
      chance: null,
      train_size: null,
    }
  );
}

/** What a RunSpec (or its flat values) brings its images to; null where they stay as they are. */
export function resizeOf(spec) {
  return spec["data.resize"] ?? spec.data?.resize ?? null;
}

/** Why the data set of a RunSpec (or of its flat values) can't be trained on here, in words; "" where it can. */
export function lackOf(spec, catalog) {
  const name = nameOf(spec);
  const entry = catalog.data.find((one) => one.name === name);
  if (entry) return entry.resize && resizeOf(spec) === null ? t("common.data.sizes", entry) : "";
  const wrong = catalog.unusable.find((one) => one.name === name);
  if (wrong) return t("common.data.unusable", wrong);
  const own = catalog.data.map((one) => one.name).filter((one) => one.startsWith("folder:"));
  const there = own.length ? own.join(", ") : t("common.data.none");
  return t("common.data.lacking", { name, folder: name.replace(/^folder:/, "images/"), there });
}

/** How many training examples a RunSpec (or its flat values) keeps of its data set; null where that is not known. */
export function keptOf(spec, data) {
  const limit = spec["data.limit"] ?? spec.data?.limit ?? null;
  if (data.train_size === null) return limit;
  return Math.min(data.train_size, limit ?? Infinity);
}

/** The training examples that something was measured on, in words: all that are kept, or so many. */
export function trainingWords(noun, kept, count) {
  return count < (kept ?? count)
    ? t("common.data.some", { noun, count: thousands(count) })
    : t("common.data.whole", { noun });
}
