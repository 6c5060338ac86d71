import { blocksOf } from "#logic/analysis.js";
import { doneWords, pointsOf, say, wholeOf } from "#logic/lesion.js";
import { t } from "#logic/words.js";
import { handle } from "#charts/handle.js";
import { merge, relabelled } from "#charts/merge.js";
import { chanceEnd, painted } from "#charts/series.js";
import { View } from "#charts/view.js";

/**
 * Error (or loss) after each lesion, one network beside the other, with the intact ones as lines.
 *
 * `update({series, specs, what, set, measure, chance?})`: `series` are {label, skip, history}, of
 * analyses; `what` is "remove", "swap" or "together"; `set` is "train" or "test".
 */
export function mount(el, figure, options = {}) {
  return handle(new View(el, figure, options, draw));
}

function draw(context) {
  const { data, figure, hidden } = context;
  const { what, set, measure } = data;
  const unit = measure === "error" ? 100 : 1;
  const share = what !== "together" && new Set(data.series.map(({ history }) => blocksOf(history))).size > 1;
  const curves = painted(data.series, figure)
    .filter(({ label }) => !hidden.has(label))
    .map((one) => ({ ...one, whole: wholeOf(one.history, set, measure), points: pointsOf(one.history, what, set, measure, share) }));
  const values = curves.flatMap(({ points, whole }) => [whole, ...points.map(({ y }) => y)]).filter(Number.isFinite);
  const top = measure === "error" ? 100 : 1.08 * Math.max(0.1, ...values);
  const range = /** @type {[number, number]} */ (span(data.series, what, share));
  const layout = {
    xaxis: { title: { text: t(`charts.lesion.axis.${share ? "share" : what}`) }, range, ...ticks(range, share) },
    yaxis: measure === "error" ? {} : { range: [0, top], dtick: null, ticksuffix: "" },
    shapes: [],
    annotations: relabelled(figure.layout.annotations, "y", t(`charts.measure.${set}_${measure}`)),
  };
  const chance = measure === "error" ? chanceEnd(layout, data.chance, context.zoom?.yaxis) : [];
  return {
    traces: curves.flatMap((curve) => traces(curve, { figure, what, measure, unit, range })),
    layout,
    ends: [...curves.map((curve) => end(curve, unit, top)).filter(Boolean), ...chance],
    labels: data.series.map(({ label }) => label),
    summary: summary(curves, data),
    table: () => lesionTable(curves, data),
  };
}

/** The range of the x axis: all blocks, or up to the most that were removed. */
function span(series, what, share) {
  if (share) return [-0.03, 1.03];
  const most = Math.max(2, ...series.map(({ history }) => (what === "together" ? mostTogether(history) : blocksOf(history))));
  return what === "together" ? [1.5, most + 0.5] : [0.5, most + 0.5];
}

const mostTogether = (history) => Math.min(history.started?.analysis?.most ?? 2, blocksOf(history));

function ticks([low, high], share) {
  if (share) return { tickmode: "auto", dtick: null };
  const count = Math.floor(high) - Math.ceil(low) + 1;
  return { tickmode: "linear", tick0: Math.ceil(low) === 2 ? 2 : 1, dtick: Math.max(1, Math.ceil(count / 10)) };
}

function traces({ label, paint, points, whole }, { figure, what, measure, unit, range }) {
  const about = { name: label, meta: [label] };
  const drawn = [];
  if (whole !== null) {
    drawn.push({ ...merge(paint, figure.traces.intact), ...about, x: range, y: [unit * whole, unit * whole] });
  }
  const y = points.map((point) => (Number.isFinite(point.y) ? unit * point.y : null));
  if (what === "remove") drawn.push({ ...merge(paint, figure.traces.line), ...about, x: points.map(({ x }) => x), y });
  const seen = points.filter((point) => Number.isFinite(point.y));
  drawn.push({
    ...merge(paint, figure.traces.point),
    ...about,
    x: seen.map(({ x }) => x),
    y: seen.map((point) => unit * point.y),
    customdata: seen.map((point) => [doneWords(what, point.blocks), say(measure, point.y)]),
  });
  return drawn;
}

function end({ label, points, whole }, unit, top) {
  const last = points.filter(({ y }) => Number.isFinite(y)).at(-1)?.y ?? whole;
  return last === null ? null : { label, place: Math.min(1, (unit * last) / top) };
}

function summary(curves, { what, set, measure }) {
  const sentences = curves.flatMap(({ label, points, whole }) => {
    const seen = points.filter(({ y }) => Number.isFinite(y)).map(({ y }) => y);
    if (whole === null || seen.length === 0) return [];
    const values = { label, n: seen.length, whole: say(measure, whole), low: say(measure, Math.min(...seen)), high: say(measure, Math.max(...seen)) };
    return [t("charts.lesion.summary", { ...values, what: t(`lesion.what.${what}`), measure: t(`charts.measure.${set}_${measure}`) })];
  });
  return sentences.length ? sentences.join(" ") : t("charts.summary.none");
}

/** Columns and rows: every result of a kind, the intact network first; what can't be done has its reason. */
export function lesionTable(series, { what, set, measure }) {
  const columns = [t("charts.table.network"), t("charts.lesion.done"), t(`charts.measure.${set}_${measure}`)];
  const rows = series.flatMap(({ label, history }) => {
    const whole = wholeOf(history, set, measure);
    return [
      [label, t("lesion.done.intact"), whole === null ? "" : say(measure, whole)],
      ...pointsOf(history, what, set, measure).map(({ blocks, y, absent }) => [label, doneWords(what, blocks), absent ?? say(measure, y)]),
    ];
  });
  return { columns, rows };
}
