import { axisWords, howOf, movedBy, valuesOf, weightless } from "#logic/flow.js";
import { valuesIn } from "#logic/measures.js";
import { placeName } from "#logic/strip.js";
import { t } from "#logic/words.js";
import { depthTicks, endOf } from "#charts/depthAxis.js";
import { changeMarks, changesSummary } from "#charts/changes.js";
import { handle } from "#charts/handle.js";
import { cells } from "#charts/heatcells.js";
import { merge } from "#charts/merge.js";
import { decadeStep, panels, sample } from "#charts/numbers.js";
import { Growing, blocks, places, shortened, shown } from "#charts/series.js";
import { stepTicks } from "#charts/steps.js";
import { axisOf } from "#charts/valueAxis.js";
import { View } from "#charts/view.js";

const BETWEEN = 0.05; // share of the width between two panels
const ABOVE = 4.8; // lines of text between two that stand on top of each other: ticks and a name
const NARROW = 20; // letters a panel; below, panels stand on top of each other

/**
 * A measure by depth (input at the bottom) and step, runs side by side on one colour range.
 *
 * `update({series, quantity?, scale?, cursor?})`; ghosts are left out. `scale` as in flowByDepth.js: relative,
 * the colours are the same on every page; absolute, their range fits all runs here and never shrinks.
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
  const how = howOf(data);
  const { quantity, relative } = how;
  const series = data.series.filter(
    ({ ghost, history }) => !ghost && history.frames.some((frame) => valuesIn(frame, quantity).length),
  );
  const key = `${quantity}:${shown(series)}`;
  const range = state.range.update(key, (before) => grown(series, how, before)) ?? axisOf(how).first;
  const stacked = series.length > 1 && width / series.length < NARROW * figure.font;
  if (series.length === 0) return nothing(figure);
  const between = Math.min((ABOVE * figure.font) / tall, 0.5 / (series.length - 1));
  const shares = panels(series.length, stacked ? between : BETWEEN);
  const layout = {
    ...(relative ? {} : colours(range, how, tall, figure)),
    annotations: [...figure.layout.annotations],
    shapes: [],
  };
  const traces = [];
  const { l, r } = figure.layout.margin;
  const room = (width - l - r) / (stacked ? 1 : series.length) / figure.font; // in letters' heights
  const called = shortened(series.map(({ label }) => label), Math.floor(room / 0.56));
  series.forEach((one, i) => {
    const share = stacked ? shares[series.length - 1 - i] : shares[i];
    const rows = rowsOf(one, how);
    const alike = i > 0 && rows === rowsOf(series[0], how);
    const lines = ((stacked ? share[1] - share[0] : 1) * tall) / figure.font;
    const panel = {
      one, label: called[i], number: numbered(i), share, stacked, room, rows, lines, end: endOf(how),
      bare: alike && !stacked, count: series.length,
    };
    Object.assign(layout, axes(panel, context));
    const drawn = cells(panel, how, figure);
    traces.push(...drawn.traces);
    layout.annotations.push(...names(panel, context, drawn, how));
    const wide = (width - l - r) * (stacked ? 1 : share[1] - share[0]);
    const steps = Math.max(1, one.history.steps || one.history.step);
    const at = { x: `x${panel.number}`, y: `y${panel.number} domain`, perStep: wide / steps };
    const marked = changeMarks([one], figure, at);
    layout.shapes.push(...marked.shapes);
    layout.annotations.push(...marked.annotations);
  });
  return {
    traces,
    layout,
    labels: [],
    layerAt: (point) => layerAt(series, quantity, point),
    marks: (index) => marks(series, quantity, index),
    cursorsAt: (step) => series.flatMap((_, i) => cursorsAt(step, i)),
    clicked: ({ x }) => options.onStep?.(x),
    summary: [summary(series, how, range), changesSummary(series)].filter(Boolean).join(" "),
    table: () => table(series, how),
  };
}

/** The colours of values as measured: from decade to decade, or even; where some are below 0, to both sides of it. */
function colours(range, how, tall, { font, layout }) {
  const title = { text: axisWords({ ...how, relative: false }) };
  const even = { tickprefix: "", ticksuffix: "", dtick: undefined, nticks: Math.max(2, Math.floor(tall / font / 3)) };
  const bar = how.linear ? { title, ...even } : { title, dtick: decadeStep(range, tall, font) };
  if (!how.linear || range[0] >= 0) return { coloraxis: { cmin: range[0], cmax: range[1], colorbar: bar } };
  const most = Math.max(-range[0], range[1]);
  return { coloraxis: { cmin: -most, cmax: most, colorscale: layout.coloraxis2.colorscale, colorbar: bar } };
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

function grown(series, how, before) {
  const axis = axisOf(how);
  let range = before;
  for (const { history } of series) {
    // What a range has grown to holds for all earlier frames: only the last ones can widen it.
    const fresh = before === null ? history.frames : history.frames.slice(-64);
    for (const frame of fresh) range = axis.grown(valuesIn(frame, how.quantity), range);
  }
  return range;
}

/** How many layers a run has; the first frame may lack a quantity (step 0 has no update). */
const rowsOf = ({ history }, how) =>
  valuesOf(history, history.frames.find((frame) => valuesIn(frame, how.quantity).length), how).length;

function axes({ one, number, share, stacked, rows, lines, end, bare, count }, { figure, width }) {
  const { history } = one;
  const last = Math.max(1, history.steps || history.step);
  const room = stacked ? width : width / count;
  const most = Math.max(2, Math.min(6, Math.floor(room / (figure.font * 7))));
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
      // A tick takes two lines of text, and where not two have room none stands.
      ...depthTicks(rows, false, Math.min(6, Math.floor(lines / 2)), end.replace(" ", "<br>")),
      showticklabels: !bare && lines >= 3,
    }),
  };
}

/** The run's name above its panel, and which way the gradient goes where there is room. */
function names({ label, share, stacked, room }, { figure }, { zeros, sizes }, { backward }) {
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
  const way = `↓ ${t("charts.axis.backwards")}`;
  if (!backward || room < 3 + (text.length + way.length) * 0.6) return [name];
  return [name, { ...above, text: way, x: stacked ? 1 : share[1], xanchor: "right", font: { color: figure.muted } }];
}

/** Which layers the rows show, where not each has its own; groups differ by one layer at most. */
function grouped(sizes) {
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  if (most === 1) return null;
  return t(`charts.axis.grouped${least === most ? "" : "_uneven"}`, { least, most });
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

function summary(series, how, [low, high]) {
  const labels = series.map(({ label }) => label).join(", ");
  const quantity = axisWords(how);
  if (how.relative) return t("charts.summary.heat_ratio", { labels, quantity });
  const kind = !how.linear ? "heat" : low < 0 ? "heat_signed" : "heat_even";
  return t(`charts.summary.${kind}`, { labels, quantity, low, high });
}

function table(series, how) {
  const names = ({ history }) => places(history, how.quantity).map(placeName);
  const longest = series.map((one) => names(one).slice(0, rowsOf(one, how))).sort((a, b) => b.length - a.length)[0];
  const sampled = sample(longest.length, 12);
  const rows = series.flatMap(({ label, history }) => {
    const moved = movedBy(history);
    return sample(history.frames.length, 30).map((i) => {
      const frame = history.frames[i];
      const values = valuesOf(history, frame, how);
      const why = (row) => {
        if (how.quantity !== "update_ratio") return null;
        return values[row] > 0 ? moved(frame, row) : weightless(frame, row) ? "weightless" : null;
      };
      return [
        t("charts.table.at", { label, step: frame.step }),
        ...sampled.map((row) => (values[row] === undefined ? "" : cellWords(values[row], why(row), how))),
      ];
    });
  });
  return { columns: [t("charts.table.run_step"), ...sampled.map((row) => longest[row])], rows };
}

function cellWords(value, why, { linear }) {
  if (!Number.isFinite(value)) return t(why ? `charts.value.${why}` : linear ? "charts.value.none" : "charts.table.lost");
  if (linear) return String(Number(value.toPrecision(3)));
  return why ? t(`charts.value.${why}`, { value: value.toExponential(2) }) : value.toExponential(2);
}
