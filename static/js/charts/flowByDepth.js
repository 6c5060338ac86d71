import { acrossDepth, acrossWords, axisWords, howOf, toldApart, unusable, valueWords, valuesOf } from "#logic/flow.js";
import { scientific } from "#logic/format.js";
import { FLOW } from "#logic/measures.js";
import { placeName } from "#logic/strip.js";
import { t } from "#logic/words.js";
import { depthTicks, endOf } from "#charts/depthAxis.js";
import { labels } from "#charts/errorByStep.js";
import { handle } from "#charts/handle.js";
import { merge, relabelled } from "#charts/merge.js";
import { ENVELOPE_ABOVE, envelope, nearest, positions } from "#charts/numbers.js";
import { Growing, blocks, ghostsFirst, painted, places, shown } from "#charts/series.js";
import { visible } from "#charts/steps.js";
import { axisOf } from "#charts/valueAxis.js";
import { View } from "#charts/view.js";

const LANE = 0.09; // share of the height
const GAP = 0.04;
const USUAL_UPDATE = 1e-3; // of a weight's size, a common rule of thumb

/**
 * A measure by depth at one step, input left; on a log axis zeros, and lost values on any, in lanes.
 *
 * `update({series, step?, quantity?, scale?})`: `step` is the last to show (default: each run's last),
 * `quantity` a measure's name (default: the gradient flow); `scale` "relative" (default), to the
 * last block's at the same step, or "absolute" (logic/flow.js). Networks of different depth are
 * compared on the fraction of depth. `onHover(index | null)` and `highlight(index)` count points
 * (stem, blocks, head) in depth order, whatever the quantity.
 *
 * @param {{onHover?: (index: number | null) => void, onDrawn?: (view: View) => void, title?: () => string}} options
 */
export function mount(el, figure, options = {}) {
  const state = { range: new Growing(), lanes: new Growing() };
  const view = new View(el, figure, options, (context) => draw(context, state));
  return handle(view);
}

function draw(context, state) {
  const { data, figure, width, tall } = context;
  const how = howOf(data);
  const { quantity, relative } = how;
  const axis = axisOf(how);
  const seen = new Map(data.series.map((one) => [one, look(one, data.step, how)]));
  const measured = data.series.filter((one) => seen.get(one).values.length);
  const own = measured.filter(({ ghost }) => !ghost);
  const key = `${quantity}:${relative}:${shown(data.series)}`;
  const range = state.range.update(key, (before) => grown(own, how, seen, before)) ?? axis.first;
  const kinds = new Set(own.flatMap((one) => seen.get(one).values.map(axis.lane)));
  const { zero, lost } = state.lanes.update(key, (before) => ({
    zero: (before?.zero ?? false) || kinds.has("zero"),
    lost: (before?.lost ?? false) || kinds.has("lost"),
  }));
  const counts = own.map((one) => seen.get(one).values.length);
  const fraction = new Set(counts).size > 1;
  const widest = Math.max(2, ...counts);
  const pieces = { seen, how, fraction, figure, width, hidden: context.hidden };
  const missing = own.filter((one) => seen.get(one).missing).map((one) => without(one, seen.get(one)));
  const words = relabelled(figure.layout.annotations, "y", axisWords(how));
  const layout = merge(laneLayout(zero, lost, how), {
    xaxis: {
      range: fraction ? [-0.02, 1.02] : [-0.5, widest - 0.5],
      ...depthTicks(widest, fraction, figure.compact ? 0 : Math.max(3, Math.min(8, width / (figure.font * 7))), endOf(how)),
      unifiedhovertitle: { text: fraction ? t("charts.hover.fraction") : axisWords(how) },
    },
    yaxis: axis.layout(range, tall, figure, relative),
    shapes: rules(how, figure, range),
    annotations: [
      ...words.filter(({ name }) => how.backward || name !== "way"),
      ...(missing.length ? [note(missing.join("<br>"), figure)] : []),
    ],
  });
  const onShow = visible(context).filter((one) => measured.includes(one));
  // Of all that is on show, so that a line keeps its paint while others are not measured yet.
  const paints = painted(data.series, figure).filter((_, i) => measured.includes(data.series[i]));
  return {
    traces: ghostsFirst(paints).flatMap((one) => traces(one, measured, pieces)),
    layout,
    ends: onShow.map((one) => end(one, seen.get(one).values, range, { axis, zero, lost })).filter(Boolean),
    labels: labels(data.series),
    depth: [0, fraction ? 1 : widest - 1],
    layerAt: ({ x }) => layerAt(own, seen, x, fraction),
    marks: (index) => marks(own, seen, index, fraction),
    summary: [summary(onShow, seen, how), ...missing].join(" "),
    table: () => table(own, seen, how),
  };
}

/** What is to be drawn of one series: its frame, the values in depth order, their names and blocks. */
function look({ history }, step, how) {
  const frame = frameOf({ history }, step);
  const values = valuesOf(history, frame, how);
  const { length } = values;
  const { quantity, relative } = how;
  return {
    frame,
    values,
    names: places(history, quantity).slice(0, length).map(placeName),
    blocks: blocks(history, quantity).slice(0, length),
    missing: relative && length ? unusable(history, frame, quantity) : null,
  };
}

/** Why there is no line of a series, in words. */
function without({ label }, { frame, missing }) {
  return t(`charts.beside.without_${missing}`, { label, step: frame.step });
}

/** A sentence over the plot. */
function note(text, { paper, font }) {
  const place = { xref: "paper", x: 0.02, xanchor: "left", yref: "paper", y: 0.97, yanchor: "top" };
  return { ...place, text, align: "left", bgcolor: paper, borderpad: font * 0.25 };
}

/** The line that values are read against: the last block's own, the usual size of an update, or 0 where some are below. */
function rules({ quantity, relative, linear }, figure, range) {
  const signed = linear && range[0] < 0;
  if (!relative && !signed && quantity !== "update_ratio") return [];
  const y = relative ? 1 : signed ? 0 : USUAL_UPDATE;
  return figure.layout.shapes.map((rule) => merge(rule, { y0: y, y1: y, visible: true }));
}

function frameOf({ history }, step) {
  return Number.isFinite(step) ? history.frameAt(step) : history.frames.at(-1);
}

/** The range after what is drawn now and everything up to it; 1 is in it where it is what counts. */
function grown(series, how, seen, before) {
  const axis = axisOf(how);
  let range = series.length && how.relative ? axis.grown([1], before) : before;
  for (const one of series) {
    if (before === null) {
      for (const frame of one.history.frames) range = axis.grown(valuesOf(one.history, frame, how), range);
    }
    range = axis.grown(seen.get(one).values, range);
  }
  return range;
}

function laneLayout(zero, lost, { gaps }) {
  return {
    yaxis: { domain: [zero ? LANE + GAP : 0, lost ? 1 - LANE - GAP : 1] },
    yaxis2: { domain: [0, LANE], visible: zero },
    yaxis3: { domain: [1 - LANE, 1], visible: lost, ...(gaps ? { ticktext: [t("charts.axis.none")] } : {}) },
  };
}

function traces(one, all, { seen, how, fraction, figure, width, hidden }) {
  if (!one.ghost && hidden.has(one.label)) return [];
  const { frame, values, names } = seen.get(all.find(({ history }) => history === one.history));
  const xs = positions(values.length, fraction);
  const about = { name: one.label, meta: [one.label] };
  const quiet = one.ghost ? { hoverinfo: "skip", hovertemplate: undefined } : {};
  const axis = axisOf(how);
  const line = values.map((value) => (axis.shown(value) ? value : null));
  const made = (kind, at, ys) => ({
    ...merge(one.paint, figure.traces[kind]),
    ...about,
    ...quiet,
    x: at.map((i) => xs[i]),
    y: ys,
    customdata: at.map((i) => `${names[i] ?? ""}: ${valueWords(values[i], { history: one.history, frame, index: i }, how)}`),
  });
  const kept = envelope(line, values.length > ENVELOPE_ABOVE ? Math.ceil(width / 2) : Infinity);
  const kind = values.length > ENVELOPE_ABOVE ? "many" : "value";
  const drawn = [made(kind, kept, kept.map((i) => line[i]))];
  for (const apart of ["zero", "lost"]) {
    const at = values.flatMap((value, i) => (axis.lane(value) === apart ? [i] : []));
    if (at.length) drawn.push(made(apart, at, at.map(() => 0.5)));
  }
  return drawn;
}

/** Where a name goes: level with the last layer, in its lane where it has no place on the axis. */
function end({ label }, values, range, { axis, zero, lost }) {
  const last = values.at(-1);
  const bottom = zero ? LANE + GAP : 0;
  const tall = (lost ? 1 - LANE - GAP : 1) - bottom;
  if (axis.lane(last) === "zero") return { label, place: LANE / 2 };
  if (axis.lane(last) === "lost") return { label, place: 1 - LANE / 2 };
  return { label, place: bottom + tall * axis.place(range, last) };
}

/** The point (stem, block, head) that a place on the depth axis belongs to. */
function layerAt(own, seen, x, fraction) {
  if (own.length === 0) return null;
  const { blocks: all } = seen.get(own[0]);
  return all.length ? all[nearest(x, all.length, fraction)] : null;
}

/** The stretch of the depth axis that a point takes: all of its layers. */
function marks(own, seen, index, fraction) {
  if (own.length === 0) return [];
  const { blocks: all } = seen.get(own[0]);
  const first = all.indexOf(index);
  if (first < 0) return [];
  const scale = fraction ? Math.max(all.length - 1, 1) : 1;
  const from = (first - 0.4) / scale;
  const to = (all.lastIndexOf(index) + 0.4) / scale;
  return [{ axis: "xaxis", across: "yaxis", from, to }];
}

function summary(series, seen, how) {
  const { quantity, linear } = how;
  return series
    .map((one) => {
      const { frame, values } = seen.get(one);
      const { label } = one;
      const { step } = frame;
      const apart = toldApart(one.history.started, quantity);
      const small = (frame.underflowed?.[quantity] ?? []).filter((index) => index < values.length).length;
      const zeros = linear ? 0 : values.filter((value) => value === 0).length - small;
      return [
        quantity === FLOW
          ? t("charts.summary.flow", { label, step, words: acrossOf(one, frame) })
          : t("charts.summary.layers", {
              label, step,
              quantity: axisWords({ ...how, relative: false }),
              first: scientific(frame.measures[quantity][0]),
              last: scientific(frame.measures[quantity].at(-1)),
            }),
        ...(zeros > 0 ? [t(`charts.summary.${apart ? "zeros" : "untold"}`, { n: zeros })] : []),
        ...(small > 0 ? [t("charts.summary.small", { n: small })] : []),
      ].join(" ");
    })
    .join(" ");
}

const acrossOf = ({ history }, frame) => {
  const found = acrossDepth(history.started, frame);
  return found ? acrossWords(found) : t("charts.value.unknown");
};

function table(series, seen, how) {
  const all = series.map((one) => seen.get(one));
  const longest = Math.max(0, ...all.map(({ values }) => values.length));
  const columns = [
    t("charts.table.layer"),
    ...series.map(({ label }, i) => t("charts.table.at", { label, step: all[i].frame.step })),
  ];
  const rows = Array.from({ length: longest }, (_, row) => [
    [...new Set(all.map(({ names }) => names[row]).filter(Boolean))].join(" / "),
    ...all.map(({ values, frame }, i) => {
      const place = { history: series[i].history, frame, index: row };
      if (how.quantity === "update_ratio" && row < values.length) return valueWords(values[row], place, how);
      return values[row] === undefined ? "" : scientific(values[row], 3);
    }),
  ]);
  return { columns, rows };
}
