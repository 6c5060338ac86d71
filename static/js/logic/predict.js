// What was predicted against what was measured.

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

/**
 * What to say of a prediction: {key, plain, residual, ...}, or null until both kinds have points at
 * the shallowest and at the deepest of `depths`: before that it would change its mind.
 *
 * `cells` are those of logic/points.js gathered(), of training error (of loss, where there is no error) against depth. Plain is the
 * skip `none`; residual is the first other one.
 */
export function verdict(prediction, cells, depths) {
  const skips = [...new Set(cells.map(({ skip }) => skip))];
  const other = skips.find((skip) => skip !== "none");
  if (!PREDICTIONS.includes(prediction) || !skips.includes("none") || !other) return null;
  const rising = (skip) =>
    cells.filter((cell) => cell.skip === skip).sort((a, b) => a.value - b.value);
  const plain = trendOf(rising("none"));
  const residual = trendOf(rising(other));
  const [least, most] = [Math.min(...depths), Math.max(...depths)];
  const whole = ({ from, to }) => from === least && to === most;
  if (!whole(plain) || !whole(residual)) return null;
  const hits = [plain.trend === prediction, residual.trend === prediction];
  let key = "neither";
  if (plain.trend === "unsure" || residual.trend === "unsure") key = "unsure";
  else if (hits[0] && hits[1]) key = "both";
  else if (hits[0]) key = "plain";
  else if (hits[1]) key = "residual";
  return { key, prediction, plain, residual, skip: other };
}
