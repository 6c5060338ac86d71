import { t } from "../logic/words.js";
import { depthTicks } from "./flowByDepth.js";
import { handle } from "./handle.js";
import { merge } from "./merge.js";
import {
  columns, couple, decadeStep, decades, groups, lane, panels, positive, sample,
} from "./numbers.js";
import { Growing, blocks, places, shortened, shown } from "./series.js";
import { stepTicks } from "./steps.js";
import { View } from "./view.js";

const BETWEEN = 0.05; // share of the width between two panels
const ABOVE = 4.8; // lines of text between two that stand on top of each other: ticks and a name
const ROWS = 200; // drawn at most: of more layers, two of each group of neighbours (numbers.js, couple)
const NARROW = 20; // letters a panel; below, panels stand on top of each other

/**
 * A quantity by depth (input at the bottom) and step, runs side by side on one colour range.
 *
 * `update({series, quantity?, cursor?, range?})`; ghosts are left out. `range` is a colour range
 * in decades to share with others; without it, one that fits all runs here and never shrinks.
 * `onHover(index | null)` and `highlight(index)` as in flowByDepth.js.
 *
 * @param {{onHover?: (index: number | null) => void, onStep?: (step: number) => void, title?: () => string}} options
 */
export function mount(el, figure, options = {}) {
  const state = { range: new Growing(), seen: new Map() };
  return handle(new View(el, figure, options, (context) => draw(context, state), { longest: 1000 }));
}

function draw(context, state) {
  const { data, figure, width, tall, options } = context;
  const quantity = data.quantity ?? "flow_norm";
  const series = data.series.filter(
    ({ ghost, history }) => !ghost && history.frames.some((frame) => frame[quantity]?.length),
  );
  const key = `${quantity}:${shown(series)}`;
  const range =
    data.range ?? state.range.update(key, (before) => grown(series, quantity, before)) ?? [-1, 0];
  const stacked = series.length > 1 && width / series.length < NARROW * figure.font;
  if (series.length === 0) return nothing(figure);
  const between = Math.min((ABOVE * figure.font) / tall, 0.5 / (series.length - 1));
  const shares = panels(series.length, stacked ? between : BETWEEN);
  const layout = {
    coloraxis: {
      cmin: range[0],
      cmax: range[1],
      colorbar: {
        title: { text: t(`charts.quantity.${quantity}`) },
        dtick: decadeStep(range, tall, figure.font),
      },
    },
    annotations: [...figure.layout.annotations],
    shapes: [],
  };
  const traces = [];
  const { l, r } = figure.layout.margin;
  const room = (width - l - r) / (stacked ? 1 : series.length) / figure.font; // in letters' heights
  const called = shortened(series.map(({ label }) => label), Math.floor(room / 0.56));
  series.forEach((one, i) => {
    const share = stacked ? shares[series.length - 1 - i] : shares[i];
    const alike = i > 0 && rowsOf(one, quantity) === rowsOf(series[0], quantity);
    const panel = { one, label: called[i], number: numbered(i), share, stacked, room, bare: alike && !stacked, count: series.length };
    Object.assign(layout, axes(panel, quantity, context));
    const drawn = cells(panel, quantity, figure);
    traces.push(...drawn.traces);
    layout.annotations.push(...names(panel, context, drawn));
  });
  return {
    traces,
    layout,
    labels: [],
    layerAt: (point) => layerAt(series, quantity, point),
    marks: (index) => marks(series, quantity, index),
    cursorsAt: (step) => series.flatMap((_, i) => cursorsAt(step, i)),
    clicked: ({ x }) => options.onStep?.(x),
    summary: summary(series, quantity, range),
    table: () => table(series, quantity),
  };
}

/** What stands where nothing has been measured yet. */
function nothing({ font }) {
  const text = t("charts.summary.none");
  const middle = { xref: "paper", x: 0.5, yref: "paper", y: 0.5, font: { size: font } };
  return {
    traces: [],
    layout: {
      xaxis: { visible: false },
      yaxis: { visible: false },
      annotations: [{ ...middle, text }],
      shapes: [],
    },
    labels: [],
    summary: text,
    table: () => ({ columns: [t("charts.table.run_step")], rows: [] }),
  };
}

/** What Plotly's names of a panel's axes end in. */
const numbered = (i) => (i ? String(i + 1) : "");

function cursorsAt(step, i) {
  if (!Number.isFinite(step)) return [];
  return [{ axis: `xaxis${numbered(i)}`, across: `yaxis${numbered(i)}`, from: step, to: step, inside: true }];
}

function grown(series, quantity, before) {
  let range = before;
  for (const { history } of series) {
    // What a range has grown to holds for all earlier frames: only the last ones can widen it.
    const fresh = before === null ? history.frames : history.frames.slice(-64);
    for (const frame of fresh) range = decades(frame[quantity], range);
  }
  return range;
}

/** How many layers a run has; the first frame may lack a quantity (step 0 has no update). */
const rowsOf = ({ history }, quantity) =>
  history.frames.find((frame) => frame[quantity]?.length)[quantity].length;

function axes({ one, number, share, stacked, bare, count }, quantity, { figure, width, tall }) {
  const { history } = one;
  const last = Math.max(1, history.steps || history.step);
  const rows = rowsOf(one, quantity);
  const room = stacked ? width : width / count;
  const most = Math.max(2, Math.min(6, Math.floor(room / (figure.font * 7))));
  // Lines of text beside the panel: a tick takes two, and where not two have room none stands.
  const lines = ((stacked ? share[1] - share[0] : 1) * tall) / figure.font;
  const base = figure.layout;
  return {
    [`xaxis${number}`]: merge(base.xaxis, {
      anchor: `y${number}`,
      domain: stacked ? [0, 1] : share,
      range: [0.5, last + 0.5],
      ...stepTicks(0, last, history.started?.steps_per_epoch ?? null, most),
    }),
    [`yaxis${number}`]: merge(base.yaxis, {
      anchor: `x${number}`,
      domain: stacked ? share : [0, 1],
      range: [-0.5, rows - 0.5],
      ...depthTicks(rows, false, Math.min(6, Math.floor(lines / 2))),
      showticklabels: !bare && lines >= 3,
    }),
  };
}

/** The run's name above its panel, and which way the gradient goes where there is room. */
function names({ label, share, stacked, room }, { figure }, { zeros, sizes }) {
  const above = {
    xref: "paper",
    yref: "paper",
    y: stacked ? share[1] : 1,
    yanchor: "bottom",
    yshift: figure.font * 0.35,
  };
  const about = [zeros && t("charts.axis.grey_zero"), grouped(sizes)].filter(Boolean);
  const whole = about.length ? `${label} (${about.join("; ")})` : label;
  const text = whole.length * 0.56 > room ? label : whole;
  const name = { ...above, text, x: stacked ? 0 : share[0], xanchor: "left" };
  if (room < 2 + text.length * 0.6 + t("charts.axis.backwards").length * 0.6) return [name];
  const way = `↓ ${t("charts.axis.backwards")}`;
  return [name, { ...above, text: way, x: stacked ? 1 : share[1], xanchor: "right", font: { color: figure.muted } }];
}

/** Which layers the rows show, where not each has its own; groups differ by one layer at most. */
function grouped(sizes) {
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  if (most === 1) return null;
  return t(`charts.axis.grouped${least === most ? "" : "_uneven"}`, { least, most });
}

function cells({ one, number }, quantity, figure) {
  const { history } = one;
  const frames = history.frames.filter((frame) => frame[quantity]?.length);
  const kept = columns(frames.length).map((i) => frames[i]);
  const { y, layers, sizes } = rowed(kept, quantity);
  const naming = named(history, quantity);
  const value = (row, i) => kept[i][quantity][layers[row][i]];
  const about = {
    xaxis: `x${number}`,
    yaxis: `y${number}`,
    x: kept.map(({ step }) => step),
    y,
    layers, // read again by layerAt
    name: one.label,
    meta: [one.label],
    // A row of its own has one name: nothing to be made for each of its cells.
    customdata: layers.map((row, r) =>
      sizes[r] === 1
        ? Array(row.length).fill(naming(row[0], 1))
        : row.map((layer, i) => naming(layer, sizes[r], () => standing(value(r, i), value(r ^ 1, i)))),
    ),
  };
  const found = new Set();
  const logs = layers.map((row, r) =>
    row.map((_, i) => {
      if (positive(value(r, i))) return Math.log10(value(r, i));
      found.add(lane(value(r, i)));
      return null;
    }),
  );
  const made = (kind, z) => ({ ...figure.traces[kind], ...about, z });
  const traces = [made("value", logs)];
  for (const kind of found) {
    traces.push(made(kind, layers.map((row, r) => row.map((_, i) => (lane(value(r, i)) === kind ? 1 : null)))));
  }
  return { traces, zeros: found.has("zero"), sizes };
}

/** What a cell is called: its layer, and how that stands among the `n` of its group. */
function named(history, quantity) {
  const all = places(history, quantity);
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
function rowed(kept, quantity) {
  const count = kept[0][quantity].length;
  if (count <= ROWS) {
    const y = sample(count, ROWS);
    return { y, layers: y.map((row) => Array(kept.length).fill(row)), sizes: y.map(() => 1) };
  }
  const all = groups(count, ROWS / 2);
  const couples = all.map((group) => kept.map((frame) => couple(frame[quantity], group)));
  return {
    y: all.flatMap(([from, to]) => [0.25, 0.75].map((share) => from + share * (to - from) - 0.5)),
    layers: couples.flatMap((list) => [0, 1].map((which) => list.map((two) => two[which]))),
    sizes: all.flatMap(([from, to]) => [to - from, to - from]),
  };
}

/** What one of the two of a group is: "least", "greatest", or "lost" for what is not finite. */
function standing(value, other) {
  if (!Number.isFinite(value)) return "lost";
  return Number.isFinite(other) && value > other ? "greatest" : "least";
}

/** The layer of the first run that a place in any panel belongs to, by its share of the depth. */
function layerAt(series, quantity, { pointNumber: [row, column], data }) {
  const one = series.find(({ label }) => label === data.name);
  if (!one) return null;
  const all = blocks(one.history, quantity);
  if (all.length === 0) return null;
  return across(all[data.layers[row][column]], last(one), last(series[0]));
}

/** The rows of a layer of the first run in each panel, by its share of the depth. */
function marks(series, quantity, index) {
  return series.flatMap((one, i) => {
    const all = blocks(one.history, quantity);
    const own = across(index, last(series[0]), last(one));
    const first = all.indexOf(own);
    if (first < 0) return [];
    const [from, to] = [first - 0.5, all.lastIndexOf(own) + 0.5];
    return [{ axis: `yaxis${numbered(i)}`, across: `xaxis${numbered(i)}`, from, to }];
  });
}

const last = ({ history }) => Math.max(1, (history.started?.points.length ?? 2) - 1);
const across = (index, from, to) => (from === to ? index : Math.round((index / from) * to));

function summary(series, quantity, [low, high]) {
  return t("charts.summary.heat", {
    labels: series.map(({ label }) => label).join(", "),
    quantity: t(`charts.quantity.${quantity}`),
    low,
    high,
  });
}

function table(series, quantity) {
  const [longest] = series.map(({ history }) => places(history, quantity)).sort((a, b) => b.length - a.length);
  const listed = sample(longest.length, 12);
  const rows = series.flatMap(({ label, history }) =>
    sample(history.frames.length, 30).map((i) => {
      const frame = history.frames[i];
      const values = listed.map((row) => frame[quantity][row]);
      return [
        t("charts.table.at", { label, step: frame.step }),
        ...values.map((value) => (value === undefined ? "" : said(value))),
      ];
    }),
  );
  return { columns: [t("charts.table.run_step"), ...listed.map((row) => `${row} ${longest[row]}`)], rows };
}

function said(value) {
  return Number.isFinite(value) ? value.toExponential(2) : t("charts.table.lost");
}
