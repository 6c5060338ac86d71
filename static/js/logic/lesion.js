// What a lesion of trained networks found: its points, its sentences. Pure.
import { blocksOf } from "#logic/analysis.js";
import { percent, plain } from "#logic/format.js";
import { t } from "#logic/words.js";

/** What was done to a network, and where it is looked at. */
export const WHAT = { of: ["remove", "swap", "together"], words: "lesion.what" };
export const SETS = { of: ["test", "train"], words: "lesion.sets" };

/** The intact network's `error` or `loss`. */
export const wholeOf = ({ evaluations }, set, measure) => evaluations.at(-1)?.[`${set}_${measure}`] ?? null;

/**
 * The results of a kind: {x, y, blocks, absent}. `x` is the block that was removed, between the two
 * that were swapped, or how many were removed; where `share`, a block's place from 0 to 1.
 */
export function pointsOf(history, what, set, measure, share = false) {
  return history.results
    .filter((result) => result.what === what)
    .map((result) => {
      const numbers = result.blocks.map((name) => Number(name.replace("block", "")));
      const middle = numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
      const x = what === "together" ? numbers.length : share ? (middle - 1) / Math.max(1, blocksOf(history) - 1) : middle;
      return { x, y: result[set]?.[measure] ?? null, blocks: numbers, absent: result.absent ?? null };
    });
}

/** What was done, in words: "without block 3", "blocks 3 and 4 swapped". */
export function doneWords(what, blocks) {
  return t(`lesion.done.${what}`, { first: blocks[0], second: blocks[1] ?? "", list: blocks.join(", ") });
}

/** One value of an error or a loss in words. */
export const say = (measure, value) => (measure === "error" ? percent(value) : plain(value));

const median = (sorted) => (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;

/** The sentences of the page, one for each network: what one removal does, as a rule and at worst. */
export function sentences(series, set, measure) {
  return series.flatMap(({ label, history }) => {
    const whole = wholeOf(history, set, measure);
    const seen = pointsOf(history, "remove", set, measure).filter(({ y }) => Number.isFinite(y));
    if (whole === null || seen.length === 0) return [];
    const sorted = seen.map(({ y }) => y).sort((a, b) => a - b);
    const worst = seen.reduce((most, one) => (one.y > most.y ? one : most));
    const values = {
      label,
      set: t(`lesion.sets.${set}`).toLowerCase(),
      measure: t(`lesion.measure.${measure}`),
      whole: say(measure, whole),
      middle: say(measure, median(sorted)),
      worst: say(measure, worst.y),
      block: worst.blocks[0],
      n: seen.length,
    };
    return [t("lesion.take", values)];
  });
}

/** What can't be done to these networks, and why: a sentence for each. */
export function absences(series, { what, set, measure }) {
  return series.flatMap(({ label, history }) => {
    const absent = pointsOf(history, what, set, measure).filter((point) => point.absent);
    const reasons = [...new Set(absent.map((point) => point.absent))].slice(0, 3).join("; ");
    return absent.length ? [t("lesion.absent", { label, n: absent.length, reasons })] : [];
  });
}
