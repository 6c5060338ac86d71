import { scientific } from "../logic/format.js";
import { t } from "../logic/words.js";
import { labels } from "./errorByStep.js";
import { handle } from "./handle.js";
import { merge, relabelled } from "./merge.js";
import {
  ENVELOPE_ABOVE,
  decadeStep,
  decades,
  envelope,
  lane,
  nearest,
  placeOn,
  positions,
  positive,
  roomy,
  ticks,
} from "./numbers.js";
import { Growing, blocks, ghostsFirst, painted, places, shown } from "./series.js";
import { visible } from "./steps.js";
import { View } from "./view.js";

const LANE = 0.09; // share of the height, as in app/figures/flow.py
const GAP = 0.04;

/**
 * A quantity by depth at one step, input left, on a log axis; zeros and lost values in lanes.
 *
 * `update({series, step?, quantity?})`: `step` is the last to show (default: each run's last),
 * `quantity` "flow_norm" (default), "grad_norm" or "update_ratio". Networks of different depth
 * are compared on the fraction of depth. `onHover(index | null)` and `highlight(index)` count
 * points (stem, blocks, head) in depth order, whatever the quantity.
 *
 * @param {{onHover?: (index: number | null) => void, title?: () => string}} options
 */
export function mount(el, figure, options = {}) {
  const state = { range: new Growing(), lanes: new Growing() };
  const view = new View(el, figure, options, (context) => draw(context, state));
  return handle(view);
}

function draw(context, state) {
  const { data, figure, width, tall } = context;
  const quantity = data.quantity ?? "flow_norm";
  const frames = new Map(data.series.map((one) => [one, frameOf(one, data.step)]));
  const measured = data.series.filter((one) => frames.get(one)?.[quantity]?.length);
  const own = measured.filter(({ ghost }) => !ghost);
  const key = `${quantity}:${shown(data.series)}`;
  const range = state.range.update(key, (before) => grown(own, quantity, frames, before)) ?? [-1, 0];
  const kinds = new Set(own.flatMap((one) => frames.get(one)[quantity].map(lane)));
  const { zero, lost } = state.lanes.update(key, (before) => ({
    zero: (before?.zero ?? false) || kinds.has("zero"),
    lost: (before?.lost ?? false) || kinds.has("lost"),
  }));
  const counts = own.map((one) => frames.get(one)[quantity].length);
  const fraction = new Set(counts).size > 1;
  const widest = Math.max(2, ...counts);
  const pieces = { frames, quantity, fraction, figure, width, hidden: context.hidden };
  const layout = merge(laneLayout(zero, lost), {
    xaxis: {
      range: fraction ? [-0.02, 1.02] : [-0.5, widest - 0.5],
      ...depthTicks(widest, fraction, Math.max(3, Math.min(8, width / (figure.font * 7)))),
      unifiedhovertitle: { text: t(`charts.hover.${fraction ? "fraction" : "layer"}`) },
    },
    yaxis: { dtick: decadeStep(range, tall, figure.font), range: roomy(range) },
    annotations: relabelled(figure.layout.annotations, "y", t(`charts.quantity.${quantity}`)),
  });
  const seen = visible(context).filter((one) => measured.includes(one));
  // Of all that is on show, so that a line keeps its paint while others are not measured yet.
  const paints = painted(data.series, figure).filter((_, i) => measured.includes(data.series[i]));
  return {
    traces: ghostsFirst(paints).flatMap((one) => traces(one, measured, pieces)),
    layout,
    ends: seen.map((one) => end(one, frames.get(one)[quantity], range, zero, lost)).filter(Boolean),
    labels: labels(data.series),
    depth: [0, fraction ? 1 : widest - 1],
    layerAt: ({ x }) => layerAt(own, quantity, x, fraction),
    marks: (index) => marks(own, quantity, index, fraction),
    summary: summary(seen, frames, quantity),
    table: () => table(own, frames, quantity),
  };
}

function frameOf({ history }, step) {
  return Number.isFinite(step) ? history.frameAt(step) : history.frames.at(-1);
}

const FEW = 5; // ticks; where there is no room for so many, one stands in the middle

/** Numbers of layers, or fractions of the depth, between "input" and "output"; `most`: those in all. */
export function depthTicks(rows, fraction, most) {
  const last = fraction ? 1 : rows - 1;
  const many = fraction ? [0.25, 0.5, 0.75] : ticks(0, last, most);
  const middle = most < 3 ? [] : [fraction ? 0.5 : Math.round(last / 2)];
  const inner = most < FEW ? middle : many;
  const between = inner.filter((tick) => tick > 0.1 * last && tick < 0.9 * last);
  return {
    tickmode: "array",
    tickvals: [0, ...between, last],
    ticktext: [t("charts.axis.input"), ...between, t("charts.axis.output")],
  };
}

/** The range after what is drawn now and everything up to it. */
function grown(series, quantity, frames, before) {
  let range = before;
  for (const one of series) {
    if (before === null) {
      for (const frame of one.history.frames) range = decades(frame[quantity], range);
    }
    range = decades(frames.get(one)[quantity], range);
  }
  return range;
}

function laneLayout(zero, lost) {
  return {
    yaxis: { domain: [zero ? LANE + GAP : 0, lost ? 1 - LANE - GAP : 1] },
    yaxis2: { domain: [0, LANE], visible: zero },
    yaxis3: { domain: [1 - LANE, 1], visible: lost },
  };
}

function traces(one, all, { frames, quantity, fraction, figure, width, hidden }) {
  if (!one.ghost && hidden.has(one.label)) return [];
  const values = frames.get(all.find(({ history }) => history === one.history))[quantity];
  const xs = positions(values.length, fraction);
  const names = places(one.history, quantity);
  const about = { name: one.label, meta: [one.label] };
  const quiet = one.ghost ? { hoverinfo: "skip", hovertemplate: undefined } : {};
  const line = values.map((value) => (positive(value) ? value : null));
  const made = (kind, at, ys) => ({
    ...merge(one.paint, figure.traces[kind]),
    ...about,
    ...quiet,
    x: at.map((i) => xs[i]),
    y: ys,
    customdata: at.map((i) => names[i] ?? ""),
  });
  const kept = envelope(line, values.length > ENVELOPE_ABOVE ? Math.ceil(width / 2) : Infinity);
  const kind = values.length > ENVELOPE_ABOVE ? "many" : "value";
  const drawn = [made(kind, kept, kept.map((i) => line[i]))];
  for (const apart of ["zero", "lost"]) {
    const at = values.flatMap((value, i) => (lane(value) === apart ? [i] : []));
    if (at.length) drawn.push(made(apart, at, at.map(() => 0.5)));
  }
  return drawn;
}

/** Where a name goes: level with the last layer, in its lane where it has no place on the axis. */
function end({ label }, values, range, zero, lost) {
  const last = values.at(-1);
  const bottom = zero ? LANE + GAP : 0;
  const tall = (lost ? 1 - LANE - GAP : 1) - bottom;
  if (lane(last) === "zero") return { label, place: LANE / 2 };
  if (lane(last) === "lost") return { label, place: 1 - LANE / 2 };
  return { label, place: bottom + tall * placeOn(range, last) };
}

/** The point (stem, block, head) that a place on the depth axis belongs to. */
function layerAt(own, quantity, x, fraction) {
  if (own.length === 0) return null;
  const all = blocks(own[0].history, quantity);
  return all.length ? all[nearest(x, all.length, fraction)] : null;
}

/** The stretch of the depth axis that a point takes: all of its layers. */
function marks(own, quantity, index, fraction) {
  if (own.length === 0) return [];
  const all = blocks(own[0].history, quantity);
  const first = all.indexOf(index);
  if (first < 0) return [];
  const scale = fraction ? Math.max(all.length - 1, 1) : 1;
  const from = (first - 0.4) / scale;
  const to = (all.lastIndexOf(index) + 0.4) / scale;
  return [{ axis: "xaxis", across: "yaxis", from, to }];
}

function summary(series, frames, quantity) {
  return series
    .map((one) => {
      const frame = frames.get(one);
      const values = frame[quantity];
      const zeros = values.filter((value) => value === 0).length;
      const said = t("charts.summary.flow", {
        label: one.label,
        step: frame.step,
        quantity: t(`charts.quantity.${quantity}`),
        first: scientific(values[0]),
        last: scientific(values.at(-1)),
      });
      return zeros ? `${said} ${t("charts.summary.zeros", { n: zeros })}` : said;
    })
    .join(" ");
}

function table(series, frames, quantity) {
  const longest = Math.max(0, ...series.map((one) => frames.get(one)[quantity].length));
  const columns = [t("charts.table.layer")];
  for (const one of series) {
    columns.push(t("charts.table.at", { label: one.label, step: frames.get(one).step }));
  }
  const rows = Array.from({ length: longest }, (_, i) => {
    const names = new Set(series.map(({ history }) => places(history, quantity)[i]).filter(Boolean));
    const values = series.map((one) => frames.get(one)[quantity][i]);
    return [
      `${i} ${[...names].join(" / ")}`,
      ...values.map((value) => (value === undefined ? "" : scientific(value, 3))),
    ];
  });
  return { columns, rows };
}
