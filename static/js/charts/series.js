// Series as the pages give them: {label, role: "plain" | "residual" | "other", history, ghost?}.
import { spread } from "./numbers.js";

export const MOST = 5; // labelled at their ends; more become small multiples
const MENU = 46; // pixels that the chart's menu takes in the corner below the names

/**
 * The paint of each series: its role's colour, dash and marker; runs of one role differ in
 * lightness; a ghost is grey.
 */
export function painted(series, { paints }) {
  const seen = {};
  return series.map((one) => {
    if (one.ghost) return { ...one, paint: paints.ghost[one.role] };
    const variant = one.variant ?? seen[one.role] ?? 0;
    seen[one.role] = variant + 1;
    const shades = paints[one.role];
    return { ...one, paint: shades[variant % shades.length] };
  });
}

/** Ghosts before the others: what is new lies on top. */
export const ghostsFirst = (series) =>
  [...series].sort((a, b) => Boolean(b.ghost) - Boolean(a.ghost));

/** How many steps make an epoch, or null before a run has started. */
export const perEpoch = (series) =>
  series.find(({ history }) => history.started)?.history.started.steps_per_epoch ?? null;

/** The step at the right edge: the longest run's last, ghosts aside. */
export function horizon(series) {
  const own = series.filter(({ ghost }) => !ghost);
  return Math.max(1, ...(own.length ? own : series).map(({ history }) => history.steps || history.step));
}

/** The names of the places where a quantity is measured, in depth order. */
export function places(history, quantity) {
  const list = quantity === "flow_norm" ? history.started?.points : history.started?.layers;
  return list?.map(({ name }) => name) ?? [];
}

/** For each layer of a quantity, the number of the point (stem, block, head) that it belongs to. */
export function blocks(history, quantity) {
  const { points = [], layers = [] } = history.started ?? {};
  if (quantity === "flow_norm") return points.map((_, i) => i);
  const number = new Map(points.map(({ name }, i) => [name, i]));
  return layers.map(({ block }) => number.get(block) ?? -1);
}

/** Which runs are shown, as a key: ghosts aside, by their ids. */
export const shown = (series) =>
  series
    .filter(({ ghost }) => !ghost)
    .map(({ history, label }) => history.id ?? label)
    .join();

/**
 * Names cut to so many letters: their beginnings, or, where these are alike, their ends, or with
 * their number where both are.
 */
export function shortened(names, most) {
  const long = (cut) => names.map((name, i) => (name.length > most ? cut(name, i) : name));
  const apart = (cuts) => new Set(cuts).size === new Set(names).size;
  const ways = [
    long((name) => `${name.slice(0, most - 1)}…`),
    long((name) => `…${name.slice(1 - most)}`),
    long((name, i) => `${i + 1} ${name.slice(0, Math.max(0, most - 3))}…`),
  ];
  return ways.find(apart) ?? ways.at(-1);
}

/**
 * The layout with the series' names at their ends, moved apart so that none covers another.
 *
 * `ends` ({label, place, at?}) and `labels` are those of a drawing, see view.js.
 */
export function labelled(layout, { ends = [], labels = [] }, { font: em, paper }) {
  const { margin } = layout;
  // Room for all names from the start: the plot must not jump when the first of them appears.
  const longest = Math.max(0, ...labels.map((label) => label.length));
  const room = Math.min(longest * em * 0.56 + em * 1.6, layout.width * 0.34);
  const r = Math.max(Math.round(room), MENU);
  const tall = layout.height - margin.t - margin.b;
  const wanted = ends.map(({ place }) => (1 - place) * tall);
  const moved = spread(wanted, em * 1.15, 0, tall);
  const most = Math.max(4, Math.floor((room - em * 1.2) / (em * 0.53)));
  const texts = shortened(ends.map(({ label }) => label), most);
  const names = ends.map(({ place, at = 1 }, i) => ({
    text: texts[i],
    xref: "paper",
    x: Math.min(1, at),
    xanchor: "left",
    xshift: em * 0.55,
    ...(at < 1 ? { bgcolor: paper, borderpad: 1 } : {}),
    yref: "paper",
    y: Math.min(1, Math.max(0, place)),
    yshift: wanted[i] - moved[i],
    yanchor: "middle",
  }));
  return {
    ...layout,
    margin: { ...margin, r },
    annotations: [...(layout.annotations ?? []), ...names],
  };
}

/** A range that grows and never shrinks while the same runs are shown. */
export class Growing {
  #key = null;
  #range = null;

  /** The range after `grow(before)`, which gets null when other runs came on show. */
  update(key, grow) {
    if (key !== this.#key) this.#range = null;
    this.#key = key;
    this.#range = grow(this.#range);
    return this.#range;
  }
}
