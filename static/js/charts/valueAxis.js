// The axis of what is measured: of powers of ten, or even. Pure.
import { decadeStep, decades, lane, placeOn, positive, ratioTicks, roomy } from "#charts/numbers.js";

/**
 * How values stand on an axis: `grown(values, range)` is the range after these, `lane` where a value is
 * drawn, `place` its share of the height, `layout` what Plotly is told, `level` a value as a heatmap's colour.
 */
const LOG = {
  grown: decades,
  lane,
  shown: positive,
  place: placeOn,
  level: Math.log10,
  layout: (range, tall, { font }, relative) => ({
    type: "log",
    range: roomy(range),
    ...(relative
      ? { ...ratioTicks(range, tall, font), tickfont: { size: font } }
      : { tickmode: "auto", dtick: decadeStep(range, tall, font) }),
  }),
  first: [-1, 0],
};

const EVEN = {
  grown: spanned,
  lane: (value) => (value === undefined ? "unknown" : Number.isFinite(value) ? "value" : "lost"),
  shown: Number.isFinite,
  place(range, value) {
    const [low, high] = roomy(range);
    return (value - low) / (high - low);
  },
  level: (value) => value,
  layout: (range, tall, { font }) => ({
    type: "linear", range: roomy(range), tickmode: "auto", dtick: undefined, nticks: Math.max(2, Math.floor(tall / font / 2.5)),
    tickfont: { size: font },
  }),
  first: [0, 1],
};

export const axisOf = ({ linear }) => (linear ? EVEN : LOG);

/** The range [low, high] of tenths, fifths or halves that holds all finite values; only ever grows. */
export function spanned(values, before = null) {
  let [least, greatest] = before ?? [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  if (least > greatest) return before;
  const size = greatest - least || Math.abs(greatest) || 1;
  const step = 10 ** Math.floor(Math.log10(size)) / 2;
  const low = Math.floor(least / step + 1e-9) * step;
  const high = Math.ceil(greatest / step - 1e-9) * step;
  return low === high ? [low - step, high + step] : [low, high];
}
