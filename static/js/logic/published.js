// Published data sets: how one stands on the server's machine, as /api/data tells it.
import { count, mebibytes } from "#logic/format.js";
import { t } from "#logic/words.js";

/** Whether a run that keeps so many training examples (null: all) finds what it needs. */
export function usable(set, entry, kept = null) {
  return set.examples >= Math.min(kept ?? entry.train_size, entry.train_size);
}

/**
 * What stands in the way of a run, if anything does.
 *
 * @returns {"" | "coming" | "failed" | "partial" | "missing" | "damaged"}
 */
export function standing(set, entry, kept = null) {
  if (set.damaged.length) return "damaged";
  if (usable(set, entry, kept)) return "";
  if (set.progress) return "coming";
  if (set.error) return "failed";
  return set.presence;
}

/** What is said of a set that a run can't use as it is: a sentence, and what more there is to know. */
export function wordsOf(set, entry, kept = null) {
  const { title } = set;
  const size = mebibytes(set.download);
  const from = t("data.from", { source: entry.source, licence: entry.licence });
  switch (standing(set, entry, kept)) {
    case "coming":
      return { text: t("data.coming", { title }), more: amount(set) };
    case "failed":
      return { text: set.error.problem, more: t("data.remedy", { remedy: set.error.remedy }) };
    case "damaged":
      return { text: t("data.damaged", { files: set.damaged.join(", ") }), more: t("data.damaged_remedy") };
    case "partial":
      return { text: t(set.examples ? "data.partial" : "data.rest", { title, size, n: count(set.examples) }), more: from };
    default:
      return { text: t("data.missing", { title, size }), more: from };
  }
}

/** How much has come: "3.1 of 11 MiB", or that all has. */
export function amount({ progress: { done, total } }) {
  if (done >= total) return t("data.checking");
  return t("data.amount", { done: mebibytes(done, { unit: false }), total: mebibytes(total) });
}

/** A set as the list of choices names it: with what it costs where it is not here. */
export function choiceWords(set) {
  const { title } = set;
  if (set.presence !== "missing" && set.presence !== "partial") return title;
  return t("data.choice", { title, size: mebibytes(set.download) });
}
