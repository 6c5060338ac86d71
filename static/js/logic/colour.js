// One colour scale for everything that shows the flow's size: strips and heatmaps.

/**
 * Cividis, dark to light (Nunez et al. 2018, doi:10.1371/journal.pone.0199239): monotone in
 * lightness, so safe for colour-blind eyes and grey projectors. The figures have the same stops.
 */
export const STOPS = [
  [0, "#00224e"],
  [0.125, "#123570"],
  [0.25, "#3b496c"],
  [0.375, "#575d6d"],
  [0.5, "#707173"],
  [0.625, "#8a8678"],
  [0.75, "#a59c74"],
  [0.875, "#c3b369"],
  [0.9375, "#e1cc55"],
  [1, "#fee838"],
];

/** The colour at a place from 0 to 1 on a scale; what lies beyond takes the end's. */
export function at(place, stops = STOPS) {
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
