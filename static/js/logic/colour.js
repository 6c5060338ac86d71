// The colours of everything that shows gradients by colour: places on the figures' scales.

/**
 * The colour at a place from 0 to 1 on a scale; what lies beyond takes the end's.
 *
 * @param {number} place
 * @param {[number, string][]} stops places in order, each with its colour as "#rrggbb"
 */
export function at(place, stops) {
  const x = Math.min(1, Math.max(0, place));
  const upper = Math.max(1, stops.findIndex(([stop]) => stop >= x));
  const [[from, low], [to, high]] = [stops[upper - 1], stops[upper]];
  return mixed(channels(low), channels(high), (x - from) / (to - from));
}

function channels(hex) {
  return [1, 3, 5].map((start) => Number.parseInt(hex.slice(start, start + 2), 16));
}

function mixed(low, high, share) {
  const hex = low.map((value, i) => Math.round(value + share * (high[i] - value)));
  return `#${hex.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/**
 * How one measured norm is shown: a place from 0 to 1 on the scale, a marked zero, or not finite.
 *
 * @returns {{kind: "value", place: number} | {kind: "zero" | "lost" | "unknown"}}
 */
export function placeOf(value, range) {
  if (value === undefined) return { kind: "unknown" };
  if (!Number.isFinite(value)) return { kind: "lost" };
  if (value === 0) return { kind: "zero" };
  return { kind: "value", place: (Math.log10(value) - range[0]) / (range[1] - range[0]) };
}
