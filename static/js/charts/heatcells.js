// The cells of a heatmap's panel: which layers its rows show, what they hold, what they are called.
import { movedBy, valuesOf, weightless } from "#logic/flow.js";
import { valuesIn } from "#logic/measures.js";
import { placeName } from "#logic/strip.js";
import { t } from "#logic/words.js";
import { columns, couple, groups, positive, sample } from "#charts/numbers.js";
import { places } from "#charts/series.js";
import { axisOf } from "#charts/valueAxis.js";

const ROWS = 200; // drawn at most: of more layers, two of each group of neighbours (numbers.js, couple)
const APART = 5; // letters or lines of text from one sign to the next

/**
 * The traces of one run's panel: its cells, those of 0 and those not finite in colours and signs of
 * their own.
 *
 * @param {{one: Json, number: string, room: number, lines: number}} panel the series, the ending of
 *   Plotly's names of its axes, its width in letters and its height in lines of text
 * @param {{quantity: string, relative: boolean, linear: boolean, gaps: boolean}} how as howOf gives it
 * @returns {{traces: object[], zeros: boolean, sizes: number[]}} `sizes`: of how many layers each row tells
 */
export function cells({ one, number, room, lines }, how, figure) {
  const { history } = one;
  const frames = history.frames.filter((frame) => valuesIn(frame, how.quantity).length);
  const kept = columns(frames.length).map((i) => frames[i]);
  const seen = kept.map((frame) => valuesOf(history, frame, how));
  const { y, layers, sizes } = rowed(seen);
  const naming = named(history, how.quantity);
  const value = (row, i) => seen[i][layers[row][i]];
  const updates = how.quantity === "update_ratio";
  const moved = movedBy(history);
  /** A name, and what moves a layer that has no gradient. */
  const cellText = (name, layer, i) => {
    if (!updates) return name;
    if (weightless(kept[i], layer)) return t("charts.heat.weightless", { name });
    const why = positive(seen[i][layer]) ? moved(kept[i], layer) : null;
    return why ? t(`charts.heat.${why}`, { name }) : name;
  };
  const about = {
    xaxis: `x${number}`,
    yaxis: `y${number}`,
    x: kept.map(({ step }) => step),
    y,
    layers, // read again by layerAt
    name: one.label,
    meta: [one.label],
    // A row of its own has one name: nothing to be made for each of its cells, unless more is to be told.
    customdata: layers.map((row, r) =>
      sizes[r] === 1 && !updates
        ? Array(row.length).fill(naming(row[0], 1))
        : row.map((layer, i) => cellText(naming(layer, sizes[r], () => standing(value(r, i), value(r ^ 1, i))), layer, i)),
    ),
  };
  const axis = axisOf(how);
  const found = new Set();
  const logs = layers.map((row, r) =>
    row.map((_, i) => {
      if (axis.shown(value(r, i))) return axis.level(value(r, i));
      found.add(axis.lane(value(r, i)));
      return null;
    }),
  );
  const made = (kind, z) => ({ ...figure.traces[kind], ...about, z });
  const traces = [made(how.relative ? "ratio" : how.linear ? "even" : "value", logs)];
  for (const kind of ["zero", "lost"].filter((one) => found.has(one))) {
    const marked = layers.map((row, r) => row.map((_, i) => (axis.lane(value(r, i)) === kind ? 1 : null)));
    const at = scattered(marked, room / APART, lines / APART);
    const { xaxis, yaxis, x } = about;
    const places = { xaxis, yaxis, x: at.map(([, i]) => x[i]), y: at.map(([r]) => y[r]) };
    const look = kind === "lost" && how.gaps ? "none" : kind;
    const text = at.map(() => t(`charts.heat.sign_${look}`));
    traces.push(made(look, marked), { ...figure.traces[`${look}_sign`], ...places, text });
  }
  return { traces, zeros: found.has("zero"), sizes };
}

/** What a cell is called: its layer, and how that stands among the `n` of its group. */
function named(history, quantity) {
  const all = places(history, quantity).map(placeName);
  const words = { least: [], greatest: [], lost: [] }; // by layer: each stands in many cells
  return (layer, n, standingOf) => {
    const name = all[layer] ?? layer;
    if (n === 1) return name;
    const kind = standingOf();
    return (words[kind][layer] ??= t(`charts.heat.${kind}`, { name, n }));
  };
}

/**
 * Rows of cells: where each stands (`y`), and which layer it shows in each frame (`layers`). While
 * there is room a row is a layer; else each group of neighbours has two rows for the two that stand
 * for it, which may be others in each frame. `sizes` says of how many layers each row tells.
 */
function rowed(seen) {
  const count = seen[0].length;
  if (count <= ROWS) {
    const y = sample(count, ROWS);
    return { y, layers: y.map((row) => Array(seen.length).fill(row)), sizes: y.map(() => 1) };
  }
  const all = groups(count, ROWS / 2);
  const couples = all.map((group) => seen.map((values) => couple(values, group)));
  return {
    y: all.flatMap(([from, to]) => [0.25, 0.75].map((share) => from + share * (to - from) - 0.5)),
    layers: couples.flatMap((list) => [0, 1].map((which) => list.map((two) => two[which]))),
    sizes: all.flatMap(([from, to]) => [to - from, to - from]),
  };
}

/** A marked cell of each patch of so many patches along and across, so that none is without a sign. */
function scattered(marked, across, along) {
  const high = Math.max(1, Math.ceil(marked.length / Math.max(1, along)));
  const wide = Math.max(1, Math.ceil(marked[0].length / Math.max(1, across)));
  const found = new Map();
  marked.forEach((row, r) =>
    row.forEach((mark, i) => {
      const patch = `${Math.floor(r / high)} ${Math.floor(i / wide)}`;
      if (mark && !found.has(patch)) found.set(patch, [r, i]);
    }),
  );
  return [...found.values()];
}

/** What one of the two of a group is: "least", "greatest", or "lost" for what is not finite. */
function standing(value, other) {
  if (!Number.isFinite(value)) return "lost";
  return Number.isFinite(other) && value > other ? "greatest" : "least";
}
