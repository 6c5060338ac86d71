import { blocksOf } from "#logic/analysis.js";
import { POWERS, pathsTable, pointsOf, say, shareOfPaths } from "#logic/paths.js";
import { t } from "#logic/words.js";
import { handle } from "#charts/handle.js";
import { merge, relabelled } from "#charts/merge.js";
import { decadeStep, decades, placeOn, positive, roomy } from "#charts/numbers.js";
import { painted } from "#charts/series.js";
import { View } from "#charts/view.js";

/**
 * What comes back on paths of each length, one network beside the other.
 *
 * `update({series, specs, what})`: `series` are {label, skip, history}, of
 * analyses.
 */
export function mount(el, figure, options = {}) {
  return handle(new View(el, figure, options, draw));
}

function draw(context) {
  const { data, figure, hidden, tall } = context;
  const { what, series } = data;
  const powers = POWERS.includes(what);
  const several = series.some(({ history }) => pointsOf(history, what).length > 1);
  const curves = painted(series, figure)
    .filter(({ label }) => !hidden.has(label))
    .map((one) => ({ ...one, points: seen(pointsOf(one.history, what), powers) }))
    // The one path of a plain network has all of its gradient, and would press the others flat.
    .filter(({ points }) => what !== "share" || !several || points.length > 1);
  const split = what === "share" ? curves.filter(({ points }) => points.length > 1) : [];
  const counts = [...new Set(split.map(({ history }) => blocksOf(history)))].map(shareOfPaths);
  const all = [...curves.flatMap(({ points }) => points), ...counts.flat()];
  const range = powers ? (decades(all.flatMap(({ y, least, most }) => [y, least, most])) ?? [-1, 1]) : span(all);
  const longest = Math.max(1, ...series.map(({ history }) => blocksOf(history)));
  const place = powers ? (y) => placeOn(range, y) : (y) => (100 * y - range[0]) / (range[1] - range[0]);
  return {
    traces: [...counts.map((points) => count(points, figure)), ...curves.map((curve) => trace(curve, figure, what))],
    layout: {
      xaxis: { range: [-0.02 * longest - 0.2, 1.02 * longest + 0.2], tick0: 0, dtick: Math.max(1, Math.ceil(longest / 10)) },
      yaxis: powers
        ? { type: "log", range: roomy(range), dtick: decadeStep(range, tall, figure.font), ticksuffix: "" }
        : { type: "linear", range, dtick: null, ticksuffix: " %" },
      annotations: relabelled(figure.layout.annotations, "y", t(`charts.paths.y.${what}`)),
    },
    ends: curves.flatMap(({ label, points }) => (points.length ? [{ label, place: place(points.at(-1).y), at: points.at(-1).x / longest }] : [])),
    labels: series.map(({ label }) => label),
    summary: summary(curves, what),
    table: () => pathsTable(curves),
  };
}

/** What has a place on the scale. */
const seen = (points, powers) => points.filter(({ y }) => (powers ? positive(y) : Number.isFinite(y)));

/** In per cent: from 0, or from the lowest, to a little above the highest. */
function span(points) {
  const values = points.map(({ y }) => 100 * y);
  const low = Math.min(0, ...values);
  const high = Math.max(1, ...values);
  return [low - (low < 0 ? 0.04 * (high - low) : 0), high + 0.06 * (high - low)];
}

function count(points, figure) {
  const name = t("paths.all");
  return {
    ...figure.traces.all,
    name,
    meta: [name],
    x: points.map(({ x }) => x),
    y: points.map(({ y }) => 100 * y),
    customdata: points.map(({ x, y }) => [t("paths.length", { n: x }), say("share", y)]),
  };
}

function trace({ label, paint, points }, figure, what) {
  const y = points.map((point) => (what === "share" ? 100 * point.y : point.y));
  const spread = what === "single" && {
    error_y: {
      array: points.map((point) => point.most - point.y),
      arrayminus: points.map((point) => point.y - point.least),
      color: paint.line.color,
      visible: true,
    },
  };
  return {
    ...merge(merge(paint, figure.traces.line), spread || {}),
    name: label,
    meta: [label],
    x: points.map(({ x }) => x),
    y,
    customdata: points.map((point) => [t("paths.length", { n: point.x }), say(what, point.y)]),
  };
}

function summary(curves, what) {
  const told = curves.flatMap(({ label, points, history }) => {
    if (points.length === 0) return [];
    const top = points.reduce((most, one) => (one.y > most.y ? one : most));
    return [t("charts.paths.summary", { label, what: t(`charts.paths.y.${what}`), blocks: blocksOf(history), most: say(what, top.y), length: t("paths.length", { n: top.x }) })];
  });
  return told.length ? told.join(" ") : t("charts.summary.none");
}
