// What was predicted against what was measured.
import { isPlain, plain } from "#logic/skips.js";

export const PREDICTIONS = ["fall", "stay", "rise"];

/**
 * A change of the mean of less than this is none worth the word: two points of error. Where a
 * loss is judged, it is a squared error in units of the data's variance: two per cent of that.
 */
const WORTH = 0.02;

/**
 * How the mean error moves from the first value swept to the last: {trend, from, to, mean...}.
 *
 * `trend` is fall, stay, rise, or bent where both ends agree but something between does not;
 * unsure where the means of the ends differ and yet some seeds of one lie among those of the other;
 * and null until two values have a point.
 *
 * @param {Json[]} cells
 * @returns {{trend: string | null, from?: number, to?: number, start?: number, end?: number, values?: number}}
 */
export function trendOf(cells) {
  const seen = cells.filter(({ mean }) => mean !== null);
  if (seen.length < 2) return { trend: null };
  const first = seen[0];
  const last = seen[seen.length - 1];
  const spread = Math.max(first.max - first.min, last.max - last.min);
  const apart = last.min > first.max || last.max < first.min;
  const change = last.mean - first.mean;
  const means = seen.map(({ mean }) => mean);
  const reach = Math.max(...means) - Math.min(...means);
  let trend = "stay";
  if (Math.abs(change) > WORTH) trend = apart ? (change > 0 ? "rise" : "fall") : "unsure";
  else if (reach > Math.max(2 * WORTH, spread)) trend = "bent";
  return {
    trend,
    from: first.value,
    to: last.value,
    start: first.mean,
    end: last.mean,
    values: seen.length,
  };
}

/** The network whose prediction is asked for: the plain one, or a plan's first where it has none. */
export const askedOf = ({ skips }) => skips.find(isPlain) ?? skips[0] ?? plain();

/**
 * What to say of a prediction: {key, prediction, skip, from, to, trend...}; null where there is none.
 *
 * `key` is right, wrong or unsure once the network has points at the shallowest and at the deepest
 * of `depths`: before, it would change its mind, and is pending; unmeasured where no more will come.
 *
 * `cells` are those of logic/points.js gathered(), of training error (of loss, where there is no
 * error) against depth; `skip` is that of the network that was predicted.
 *
 * @returns {Json | null}
 */
export function verdict(prediction, cells, { skip, depths, over }) {
  if (!PREDICTIONS.includes(prediction)) return null;
  const its = cells.filter((cell) => cell.skip === skip).sort((a, b) => a.value - b.value);
  const [from, to] = [Math.min(...depths), Math.max(...depths)];
  const found = trendOf(its);
  const known = { prediction, skip, from, to };
  if (found.from !== from || found.to !== to) return { ...known, key: over ? "unmeasured" : "pending" };
  const sure = found.trend === prediction ? "right" : "wrong";
  return { ...known, ...found, key: found.trend === "unsure" ? "unsure" : sure };
}
