// Which paths a trained network's gradient came back on, by their length. Pure.
import { blocksOf } from "#logic/analysis.js";
import { count, percent, plain, scientific } from "#logic/format.js";
import { t } from "#logic/words.js";

/** What is shown of each length. */
export const WHAT = { of: ["share", "norm", "single", "paths"], words: "paths.what" };
/** What is drawn on a scale of powers of ten. */
export const POWERS = ["norm", "single", "paths"];

const valuesOf = (history, what) => history.results.filter((result) => result.what === what).map(({ values }) => values);

/**
 * One point a length: {x, y, least?, most?}. `x` is how many branches the paths go through; `y` what was
 * asked, null where it was not finite or not drawn. A plain network has one.
 */
export function pointsOf(history, what) {
  return valuesOf(history, "length").map((values) => ({
    x: values.length,
    y: values[what] ?? null,
    ...(what === "single" ? { least: values.single_least ?? null, most: values.single_most ?? null } : {}),
  }));
}

/** Whether the network has one path alone, as far as is known. */
const plainly = (history) => pointsOf(history, "paths").length < 2;

/**
 * The least length from which on all shorter ones together have half of the whole and keep it, since a
 * longer one may take some away again; null where a share has no value.
 *
 * @param {{x: number, y: number | null}[]} shares the shortest first; together 1
 */
export function half(shares) {
  if (shares.some(({ y }) => y === null)) return null;
  let sum = 0;
  let below = -1; // the last length up to which there is less than half
  shares.forEach(({ y }, i) => {
    sum += y;
    if (sum < 0.5 - 1e-9) below = i;
  });
  return shares[below + 1]?.x ?? null;
}

/** What part of all paths has each length, of so many blocks: {x, y}. */
export function shareOfPaths(blocks) {
  let power = -blocks; // of 2: the counts themselves may be beyond what a number holds
  return Array.from({ length: blocks + 1 }, (_, x) => {
    if (x > 0) power += Math.log2((blocks - x + 1) / x);
    return { x, y: 2 ** power };
  });
}

/** One value in words. */
export function say(what, value) {
  if (value === null) return plain(value);
  if (what === "share") return percent(value);
  return what === "paths" && value < 1e6 ? count(value) : scientific(value, 3);
}

/** The sentences of the page, one for each network that is split. */
export function sentences(series) {
  return series.flatMap(({ label, history }) => {
    if (valuesOf(history, "whole").length === 0) return [];
    const blocks = blocksOf(history);
    if (plainly(history)) return [t("paths.take_plain", { label, blocks })];
    const found = half(pointsOf(history, "share"));
    if (found === null) return [t("paths.take_zero", { label })];
    return [t("paths.take", { label, blocks, middle: Math.floor(blocks / 2), half: found })];
  });
}

/** What was checked of each network: that the parts add up. */
export function checks(series) {
  return series.flatMap(({ label, history }) => {
    const [whole] = valuesOf(history, "whole");
    if (plainly(history) || !Number.isFinite(whole?.difference)) return [];
    return [t("paths.check", { label, difference: scientific(whole.difference) })];
  });
}

/** Columns and rows: each length of each network with all that is known of it. */
export function pathsTable(series) {
  const columns = [t("charts.table.network"), t("charts.paths.axis"), ...WHAT.of.map((what) => t(`charts.paths.y.${what}`))];
  const rows = series.flatMap(({ label, history }) => {
    const [share, norm, single, paths] = WHAT.of.map((what) => pointsOf(history, what));
    const drawn = (y) => (y === null ? "" : say("single", y));
    return share.map(({ x, y }, i) => [label, x, say("share", y), say("norm", norm[i].y), drawn(single[i].y), say("paths", paths[i].y)]);
  });
  return { columns, rows };
}
