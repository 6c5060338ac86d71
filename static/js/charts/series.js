// Series as the pages give them: {label, skip, history, ghost?}, the skip by its name.
import { placesOf } from "#logic/measures.js";
import { skipAt } from "#logic/skips.js";
import { t } from "#logic/words.js";
import { spread } from "#charts/numbers.js";

export const MOST = 5; // labelled at their ends; more become small multiples
const MENU = 46; // pixels that the chart's menu takes in the corner below the names

/**
 * The paint of each series: its skip's colour, dash and marker; further runs of one skip have
 * others; a ghost is grey.
 */
export function painted(series, { brush }) {
  const seen = {};
  return series.map((one) => {
    const { hue, looks } = skipAt(one.skip).paint;
    if (one.ghost) return { ...one, paint: paintOf(brush, brush.ghost, looks[0], brush.thin) };
    const variant = (one.variant ?? seen[one.skip] ?? 0) % looks.length;
    seen[one.skip] = variant + 1;
    return { ...one, paint: paintOf(brush, brush.hues[hue][variant], looks[variant]) };
  });
}

/** Colour, dash and marker in Plotly's terms. */
function paintOf({ width, size, edge }, color, [dash, symbol], thick = width) {
  return {
    line: { color, dash, width: thick },
    marker: { color, symbol, size, line: { color, width: edge } },
  };
}

/** Ghosts before the others: what is new lies on top. */
export const ghostsFirst = (series) =>
  [...series].sort((a, b) => Number(Boolean(b.ghost)) - Number(Boolean(a.ghost)));

/** How many steps make an epoch, or null before a run has started. */
export const perEpoch = (series) =>
  series.find(({ history }) => history.started)?.history.started.steps_per_epoch ?? null;

/** The step at the right edge: the longest run's last, ghosts aside. */
export function horizon(series) {
  const own = series.filter(({ ghost }) => !ghost);
  return Math.max(1, ...(own.length ? own : series).map(({ history }) => history.steps || history.step));
}

/** The names of the places where a quantity is measured, in depth order. */
export const places = (history, quantity) => placesOf(history.started, quantity);

/** For each place of a quantity, the number of the point (stem, block, head) that it belongs to. */
export function blocks(history, quantity) {
  const number = new Map(history.started?.points.map(({ name }, i) => [name, i]));
  return places(history, quantity).map((place) => number.get(place.split(".")[0]) ?? -1);
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
 * A line at the error of a guess in an error chart's layout, and its name as one of the ends: in the
 * right margin, where no curve runs. `range` is what the y axis shows, in per cent.
 */
export function chanceEnd(layout, chance, range = [0, 100]) {
  if (!Number.isFinite(chance)) return [];
  const y = 100 * chance;
  layout.shapes.push({ type: "line", xref: "paper", x0: 0, x1: 1, y0: y, y1: y, layer: "below" });
  const place = (y - range[0]) / (range[1] - range[0]);
  return place >= 0 && place <= 1 ? [{ label: t("charts.axis.chance"), place }] : [];
}

/**
 * The layout with the series' names at their ends, moved apart so that none covers another.
 *
 * `ends` ({label, place, at?}) and `labels` are those of a drawing, see view.js.
 */
export function labelled(layout, { ends = [], labels = [] }, { font: em, paper }) {
  const { margin } = layout;
  // Room for all names from the start: the plot must not jump when the first of them appears.
  const longest = Math.max(0, ...[...labels, ...ends.map(({ label }) => label)].map((label) => label.length));
  const room = Math.min(longest * em * 0.56 + em * 1.6, layout.width * 0.34);
  const r = Math.max(Math.round(room), MENU);
  const tall = layout.height - margin.t - margin.b;
  const wide = layout.width - margin.l - r;
  const wanted = ends.map(({ place }) => (1 - place) * tall);
  // A name that ends within the plot meets none of those in the margin.
  const within = ends.map(({ at = 1 }) => at * wide + room < wide);
  const moved = [...wanted];
  for (const side of [true, false]) {
    const its = ends.map((_, i) => i).filter((i) => within[i] === side);
    const apart = spread(its.map((i) => wanted[i]), em * 1.15, 0, tall);
    its.forEach((i, n) => (moved[i] = apart[n]));
  }
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
