import { t } from "../logic/words.js";
import { merge } from "./merge.js";
import { columns, decades, lane, nearest, panels, positive, sample } from "./numbers.js";
import { Growing, blocks, places, shown } from "./series.js";
import { stepTicks } from "./steps.js";
import { View, handle } from "./view.js";

const BETWEEN = 0.05; // share of the width between two panels
const ROWS = 200; // layers drawn at most; each is one that was measured
const NARROW = 560; // pixels; below, panels stand on top of each other

/**
 * A quantity by depth (input at the bottom) and step, runs side by side on one colour range.
 *
 * `update({series, quantity?, cursor?, range?})`; ghosts are left out. `range` is a colour range
 * in decades to share with others; without it, one that fits all runs here and never shrinks.
 * `onHover(index | null)` and `highlight(index)` as in flowByDepth.js.
 *
 * @param {{onHover?: (index: number | null) => void, title?: () => string}} options
 */
export function mount(el, figure, options = {}) {
  const state = { range: new Growing(), seen: new Map() };
  return handle(new View(el, figure, options, (context) => draw(context, state), { longest: 1000 }));
}

function draw(context, state) {
  const { data, figure, width, height } = context;
  const quantity = data.quantity ?? "flow_norm";
  const series = data.series.filter(
    ({ ghost, history }) => !ghost && history.frames.some((frame) => frame[quantity]?.length),
  );
  const key = `${quantity}:${shown(series)}`;
  const range =
    data.range ?? state.range.update(key, (before) => grown(series, quantity, before)) ?? [-1, 0];
  const stacked = width < NARROW && series.length > 1;
  const shares = panels(series.length, stacked ? 0.16 : BETWEEN);
  const layout = {
    coloraxis: {
      cmin: range[0],
      cmax: range[1],
      colorbar: {
        title: { text: t(`charts.quantity.${quantity}`), side: "right" },
        dtick: Math.max(1, Math.ceil((range[1] - range[0]) / Math.max(2, height / figure.font / 3))),
      },
    },
    margin: { t: Math.round(figure.font * 1.8) },
    annotations: [],
    shapes: [],
  };
  const traces = [];
  series.forEach((one, i) => {
    const share = stacked ? shares[series.length - 1 - i] : shares[i];
    const panel = { one, number: i ? String(i + 1) : "", share, stacked, first: i === 0, count: series.length };
    Object.assign(layout, axes(panel, quantity, context));
    layout.annotations.push(name(panel, figure));
    traces.push(...cells(panel, quantity, figure));
  });
  return {
    traces,
    layout,
    labels: [],
    layerAt: (point) => layerAt(series, quantity, point),
    marks: (index) => marks(series, quantity, index),
    cursor: null,
    summary: summary(series, quantity, range),
    table: () => table(series, quantity),
  };
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

function axes({ one, number, share, stacked, first, count }, quantity, { figure, width }) {
  const { history } = one;
  const last = Math.max(1, history.steps || history.step);
  const rows = history.frames[0][quantity].length;
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
      title: { text: first || stacked ? t("charts.axis.depth") : "" },
    }),
  };
}

function name({ one, share, stacked }, { font }) {
  return {
    text: one.label,
    xref: "paper",
    x: stacked ? 0 : share[0],
    xanchor: "left",
    yref: "paper",
    y: stacked ? share[1] : 1,
    yanchor: "bottom",
    yshift: Math.round(font * 0.15),
  };
}

function cells({ one, number }, quantity, figure) {
  const { history } = one;
  const kept = columns(history.frames.length).map((i) => history.frames[i]);
  const rows = sample(kept[0][quantity].length, ROWS);
  const names = places(history, quantity);
  const about = {
    xaxis: `x${number}`,
    yaxis: `y${number}`,
    x: kept.map(({ step }) => step),
    y: rows,
    name: one.label,
    meta: [one.label],
    customdata: rows.map((row) => Array(kept.length).fill(names[row] ?? row)),
  };
  const found = new Set();
  const logs = rows.map((row) =>
    kept.map((frame) => {
      const value = frame[quantity][row];
      if (positive(value)) return Math.log10(value);
      found.add(lane(value));
      return null;
    }),
  );
  const made = (kind, z) => ({ ...figure.traces[kind], ...about, z });
  const traces = [made("value", logs)];
  for (const kind of found) {
    const z = rows.map((row) => kept.map((frame) => (lane(frame[quantity][row]) === kind ? 1 : null)));
    traces.push(made(kind, z));
  }
  return traces;
}

function layerAt(series, quantity, { y, data }) {
  const one = series.find(({ label }) => label === data.name);
  if (!one) return null;
  const all = blocks(one.history, quantity);
  return all.length ? all[nearest(y, all.length, false)] : null;
}

function marks(series, quantity, index) {
  return series.flatMap(({ history }, i) => {
    const all = blocks(history, quantity);
    const first = all.indexOf(index);
    if (first < 0) return [];
    const number = i ? String(i + 1) : "";
    const [from, to] = [first - 0.5, all.lastIndexOf(index) + 0.5];
    return [{ axis: `yaxis${number}`, across: `xaxis${number}`, from, to }];
  });
}

function summary(series, quantity, [low, high]) {
  if (series.length === 0) return t("charts.summary.none");
  return t("charts.summary.heat", {
    labels: series.map(({ label }) => label).join(", "),
    quantity: t(`charts.quantity.${quantity}`),
    low,
    high,
  });
}

function table(series, quantity) {
  const columns_ = [t("charts.table.run_step")];
  const longest = series.reduce((best, { history }) => {
    const names = places(history, quantity);
    return names.length > best.length ? names : best;
  }, []);
  const shownRows = sample(longest.length, 12);
  columns_.push(...shownRows.map((row) => `${row} ${longest[row]}`));
  const rows = series.flatMap(({ label, history }) =>
    sample(history.frames.length, 30).map((i) => {
      const frame = history.frames[i];
      const values = shownRows.map((row) => frame[quantity][row]);
      return [
        t("charts.table.at", { label, step: frame.step }),
        ...values.map((value) => (value === undefined ? "" : said(value))),
      ];
    }),
  );
  return { columns: columns_, rows };
}

function said(value) {
  return Number.isFinite(value) ? value.toExponential(2) : t("charts.axis.lost");
}
