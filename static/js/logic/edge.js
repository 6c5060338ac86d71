// Whether a sweep has found its best value, or only the end of what was tried. Pure.
import { gathered, points, progress } from "#logic/points.js";
import { DEPTH } from "#logic/sweep.js";

/**
 * The kinds of network that did best at the least or the greatest value that was tried, where the
 * field can take more beyond it: [{skip, value, end: "least" | "greatest"}].
 *
 * None before all runs have ended, nor where a value within did as well. A value at which a network
 * diverged was tried. Not of depth: there the question is what depth does, not which is best.
 *
 * @param {{field: string}} plan
 * @param {Json[]} runs
 * @param {string} measure whose mean over the seeds is the better the lower
 * @param {import("#logic/fields.js").Field | null} rule of logic/sweep.js
 */
export function edges({ field }, runs, measure, rule) {
  if (field === DEPTH || !rule || rule.choices.length || !progress(runs).over) return [];
  const cells = gathered(points(runs, field, measure));
  return [...new Set(cells.map(({ skip }) => skip))].flatMap((skip) => {
    const own = cells.filter((cell) => cell.skip === skip && typeof cell.value === "number");
    const tried = own.map(({ value }) => value);
    const seen = own.filter(({ mean }) => mean !== null);
    const lowest = Math.min(...seen.map(({ mean }) => mean));
    const best = seen.filter(({ mean }) => mean === lowest).map(({ value }) => value);
    if (tried.length < 2 || best.length !== 1) return [];
    const [value] = best;
    const end = value === Math.min(...tried) ? "least" : value === Math.max(...tried) ? "greatest" : null;
    return end && beyond(value, end, rule) ? [{ skip, value, end }] : [];
  });
}

/** Whether the field can take more on that side. */
function beyond(value, end, { minimum, maximum }) {
  return end === "least" ? value > (minimum ?? -Infinity) : value < (maximum ?? Infinity);
}
