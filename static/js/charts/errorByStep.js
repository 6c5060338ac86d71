import { percent } from "../logic/format.js";
import { t } from "../logic/words.js";
import { handle } from "./handle.js";
import { stepAxis, stepTable, stepTraces, visible } from "./steps.js";
import { View } from "./view.js";

/**
 * Error by step: each batch's own as a line, whole sets as marks (filled: training, open: test).
 *
 * `update({series, cursor?, chance?, smoothing?})`: `series` is [{label, role, history, ghost?}],
 * `cursor` a step to mark, `chance` the error of a guess (a fraction).
 *
 * @param {{chance?: number, smoothing?: boolean, title?: () => string}} options `smoothing`: offer it
 */
export function mount(el, figure, options = {}) {
  return handle(new View(el, figure, { smoothing: true, ...options }, draw));
}

const per = (fraction) => (Number.isFinite(fraction) ? 100 * fraction : null);
const batch = ({ error }) => error;

const what = {
  batch: ({ error }) => Array.from(error, per),
  hover: ({ error, spec }, kept) => ({
    customdata: kept.map((i) => Math.round(error[i] * spec.batch_size)),
    meta: undefined,
  }),
  marks(history, which) {
    const seen = history.evaluations.filter((event) => Number.isFinite(event[`${which}_error`]));
    const of = which === "train" ? "count" : "test_count";
    return {
      x: seen.map(({ step }) => step),
      y: seen.map((event) => per(event[`${which}_error`])),
      customdata: seen.map((event) => [Math.round(event[`${which}_error`] * event[of]), event[of]]),
    };
  },
};

function draw(context) {
  const { data, figure, width, options } = context;
  const chance = data.chance ?? options.chance;
  const named = {
    ...what,
    hover: (history, kept) => ({
      customdata: what.hover(history, kept).customdata,
      meta: [labelOf(data.series, history), history.spec.batch_size],
    }),
  };
  const layout = {
    xaxis: stepAxis(data.series, width, figure.font, context.zoom?.xaxis),
    yaxis: {},
    shapes: [],
    annotations: [...figure.layout.annotations],
  };
  if (Number.isFinite(chance)) {
    const y = 100 * chance;
    layout.shapes.push({ type: "line", xref: "paper", x0: 0, x1: 1, y0: y, y1: y, layer: "below" });
    layout.annotations.push({ text: t("charts.axis.chance"), xref: "paper", x: 0.99, xanchor: "right", y, yanchor: "bottom" });
  }
  return {
    traces: stepTraces(context, named),
    layout,
    ends: visible(context).map((one) => end(one, layout.xaxis.range[1])).filter(Boolean),
    labels: labels(data.series),
    cursorsAt,
    clicked: ({ x }) => options.onStep?.(x),
    summary: summary(context),
    table: () => stepTable(context, { batch, whole: (event, which) => event[`${which}_error`], say: percent }),
  };
}

/** A step to mark on the axis, if one is set. */
export function cursorsAt(step) {
  return Number.isFinite(step) ? [{ axis: "xaxis", across: "yaxis", from: step, to: step }] : [];
}

/** Labels of the series that can be hidden. */
export const labels = (series) => series.filter(({ ghost }) => !ghost).map(({ label }) => label);

export const labelOf = (series, history) => series.find((one) => one.history === history).label;

/** Where a name goes: level with the last evaluation, or with what the last batches came to. */
function end({ label, history }, last) {
  const event = history.evaluations.findLast(({ train_error: error }) => Number.isFinite(error));
  const recent = history.error.slice(-8).filter(Number.isFinite);
  const latest = event && event.step >= history.step ? event.train_error : mean(recent);
  return latest === null ? null : { label, place: latest, at: history.step / last };
}

function mean(values) {
  return values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
}

function summary(context) {
  return visible(context)
    .map(({ label, history }) => {
      const event = history.evaluations.at(-1);
      if (event?.train_error === undefined) return t("charts.summary.unmeasured", { label });
      return t("charts.summary.error", {
        label,
        step: event.step,
        train: percent(event.train_error),
        test: percent(event.test_error),
      });
    })
    .join(" ");
}
