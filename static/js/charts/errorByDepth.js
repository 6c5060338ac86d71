import { percent, plain } from "#logic/format.js";
import { gathered } from "#logic/points.js";
import { DEPTH } from "#logic/sweep.js";
import { axisName } from "#logic/sweepwords.js";
import { t } from "#logic/words.js";
import { handle } from "#charts/handle.js";
import { merge, relabelled } from "#charts/merge.js";
import { chanceEnd, painted } from "#charts/series.js";
import { View } from "#charts/view.js";

const LOG_FIELDS = new Set(["optimizer.lr", "batch_size", "steps", "net.width", "data.limit"]);

/** What the swept field is called at an axis. */
const fieldTitle = (field) => (field === DEPTH ? t("charts.field.net_depth") : axisName(field));

/**
 * A sweep: every run's own point, a line through the means, bars from the best seed to the worst.
 *
 * `update({points, specs, measure, field, values?, titles?, chance?})`: `points` as logic/points.js
 * makes them, each with the `label` and `skip` of its curve ({run, skip, label, value, seed,
 * standing, y, count}); `specs` are the runs' configurations; `measure` is "train_error",
 * "test_loss", ...; `values` are those planned, so that the axis stands before the first result, and
 * `titles` what stands at each of them.
 *
 * @param {{onPoint?: (run: string) => void, href?: (run: string) => string,
 *   onHover?: (run: string | null) => void, title?: () => string}} options
 *   `onPoint` is called with the run whose point was clicked; `href` makes the table's links.
 *   `highlight(run)` marks a run's place on the axis.
 */
export function mount(el, figure, options = {}) {
  return handle(new View(el, figure, options, draw));
}

function draw(context) {
  const { data, figure, hidden, options } = context;
  const { points, measure, field } = data;
  const error = measure.endsWith("error");
  const unit = error ? 100 : 1;
  const known = [...new Map(points.map(({ skip, label }) => [skip, { skip, label }])).values()];
  const curves = painted(known, figure).filter(({ label }) => !hidden.has(label));
  const values = data.values ?? [...new Set(points.map(({ value }) => value))];
  const titles = data.titles ?? values.map(String);
  const name = (value) => titles[values.indexOf(value)] ?? String(value);
  const measured = points.filter(({ y }) => y !== null).map(({ y }) => unit * y);
  const top = error ? 100 : 1.08 * Math.max(0.1, ...measured);
  const cells = gathered(points).filter(({ n }) => n > 0);
  const traces = curves.flatMap((curve) => drawn(curve, points, cells, { figure, values, error, unit, top }));
  const layout = { xaxis: axis(field, values, titles), yaxis: yAxis(error, top), shapes: [], annotations: relabelled(figure.layout.annotations, "y", t(`charts.measure.${measure}`)) };
  const guess = error ? chanceEnd(layout, data.chance, context.zoom?.yaxis) : [];
  return {
    traces,
    layout,
    ends: [...curves.map((curve) => end(curve, cells, values, unit, top)).filter(Boolean), ...guess],
    labels: known.map(({ label }) => label),
    layerAt: ({ customdata }) => (Array.isArray(customdata) ? customdata[0] : null),
    clicked: ({ customdata }) => {
      if (Array.isArray(customdata)) options.onPoint?.(customdata[0]);
    },
    marks: (run) => marks(points.find((point) => point.run === run), values, field),
    summary: summary(curves, cells, measure, name),
    table: () => table(curves, points, measure, field, name, options),
  };
}

/** "category" for names, "log" for what is swept over orders of magnitude, else "linear". */
export function scaleOf(field, values) {
  if (values.some((value) => typeof value === "string")) return "category";
  return LOG_FIELDS.has(field) && Math.min(...values) > 0 ? "log" : "linear";
}

function axis(field, values, titles) {
  const type = scaleOf(field, values);
  const title = { text: fieldTitle(field) };
  const ticks = { tickmode: "array", tickvals: values, ticktext: titles };
  if (type === "category") {
    const range = [-0.5, values.length - 0.5];
    return { type, title, ...ticks, categoryorder: "array", categoryarray: values, range };
  }
  const places = values.map((value) => (type === "log" ? Math.log10(value) : value));
  const [low, high] = [Math.min(...places), Math.max(...places)];
  const edge = 0.07 * (high - low) || 0.5;
  return { type, title, ...ticks, range: [low - edge, high + edge] };
}

function yAxis(error, top) {
  return error ? {} : { range: [0, top], dtick: null, ticksuffix: "" };
}

function drawn(curve, points, cells, { figure, values, error, unit, top }) {
  const { skip, label, paint } = curve;
  const its = cells
    .filter((cell) => cell.skip === skip)
    .sort((a, b) => values.indexOf(a.value) - values.indexOf(b.value));
  const about = { name: label, meta: [label] };
  const traces = [];
  const means = (some) => ({
    ...about,
    x: some.map(({ value }) => value),
    y: some.map(({ mean }) => unit * mean),
  });
  if (its.length) traces.push({ ...merge(paint, figure.traces.mean), ...means(its) });
  const several = its.filter(({ n }) => n > 1);
  if (several.length) {
    const error_y = {
      array: several.map(({ mean, max }) => unit * (max - mean)),
      arrayminus: several.map(({ mean, min }) => unit * (mean - min)),
      color: paint.line.color,
    };
    traces.push(merge(merge(paint, figure.traces.bars), { ...means(several), error_y }));
  }
  const own = points.filter((point) => point.skip === skip);
  const seen = own.filter(({ y }) => y !== null);
  const kind = error ? "run" : "run_loss";
  if (seen.length) {
    traces.push({
      ...merge(paint, figure.traces[kind]),
      ...about,
      x: seen.map(({ value }) => value),
      y: seen.map(({ y }) => unit * y),
      customdata: seen.map(({ run, seed, y, count }) => [run, seed, Math.round(y * (count ?? 0)), count]),
    });
  }
  const lost = own.filter(({ standing }) => standing === "diverged");
  if (lost.length) {
    traces.push({
      ...merge(paint, figure.traces.lost),
      ...about,
      x: lost.map(({ value }) => value),
      y: lost.map(() => top),
      customdata: lost.map(({ run, seed, lost: words }) => [run, seed, words]),
    });
  }
  return traces;
}

function end({ skip, label }, cells, values, unit, top) {
  const its = cells.filter((cell) => cell.skip === skip);
  const last = its.sort((a, b) => values.indexOf(a.value) - values.indexOf(b.value)).at(-1);
  return last ? { label, place: (unit * last.mean) / top } : null;
}

function marks(point, values, field) {
  if (!point) return [];
  const type = scaleOf(field, values);
  const place = type === "category" ? values.indexOf(point.value) : point.value;
  return [{ axis: "xaxis", across: "yaxis", from: place, to: place }];
}

const say = (measure, value) => (measure.endsWith("error") ? percent(value) : plain(value));

function summary(curves, cells, measure, name) {
  const sentences = curves.flatMap(({ skip, label }) => {
    const its = cells.filter((cell) => cell.skip === skip);
    if (its.length === 0) return [];
    const list = its.map((cell) =>
      t("charts.summary.cell", {
        value: name(cell.value),
        mean: say(measure, cell.mean),
        n: cell.n,
      }),
    );
    return [t("charts.summary.sweep", { label, measure: t(`charts.measure.${measure}`), list: list.join("; ") })];
  });
  return sentences.length ? sentences.join(" ") : t("charts.summary.none");
}

function table(curves, points, measure, field, name, { href }) {
  const columns = [
    fieldTitle(field),
    t("charts.table.network"),
    t("charts.table.seed"),
    t(`charts.measure.${measure}`),
    t("charts.table.run"),
  ];
  const rows = curves.flatMap(({ skip, label }) =>
    points
      .filter((point) => point.skip === skip)
      .map(({ value, seed, y, standing, run }) => [
        name(value),
        label,
        seed,
        y === null ? t(`runs.states.${standing}`) : say(measure, y),
        href ? { text: run, href: href(run) } : run,
      ]),
  );
  return { columns, rows };
}
