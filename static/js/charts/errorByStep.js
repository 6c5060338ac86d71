import { percent } from "#logic/format.js";
import { t } from "#logic/words.js";
import { changeMarks, changesSummary } from "#charts/changes.js";
import { handle } from "#charts/handle.js";
import { chanceEnd } from "#charts/series.js";
import { perStep, stepAxis, stepReadout, stepTable, stepTraces, visible } from "#charts/steps.js";
import { View } from "#charts/view.js";

/**
 * Error by step: each batch's own as a line, whole sets as marks (filled: training, open: test).
 *
 * `update({series, cursor?, chance?, smoothing?})`: `series` is [{label, skip, history, ghost?}],
 * `cursor` a step to mark, `chance` the error of a guess (a fraction).
 *
 * @param {{chance?: number, smoothing?: boolean, onHover?: (index: number | null) => void,
 *   title?: () => string}} options `smoothing`: offer it
 */
export function mount(el, figure, options = {}) {
  return handle(new View(el, figure, { smoothing: true, ...options }, draw));
}

const per = (fraction) => (Number.isFinite(fraction) ? 100 * fraction : null);
const batch = ({ error }) => error;

const what = {
  batch: ({ error }) => Array.from(error, per),
  marks(history, which) {
    const seen = history.evaluations.filter((event) => Number.isFinite(event[`${which}_error`]));
    return { x: seen.map(({ step }) => step), y: seen.map((event) => per(event[`${which}_error`])) };
  },
};

const numbers = {
  batch,
  whole: (event, which) => event[`${which}_error`],
  say: percent,
  of: (error, size) =>
    Number.isFinite(error) && size ? [t("charts.readout.of", { wrong: Math.round(error * size), size })] : [],
};

function draw(context) {
  const { data, figure, width, options } = context;
  const chance = data.chance ?? options.chance;
  const layout = {
    xaxis: stepAxis(data.series, width, figure, context.zoom?.xaxis),
    yaxis: {},
    shapes: [],
    annotations: [...figure.layout.annotations],
  };
  const marks = changeMarks(data.series, figure, { perStep: perStep(context, layout.xaxis) });
  layout.shapes.push(...marks.shapes);
  layout.annotations.push(...marks.annotations);
  const guess = chanceEnd(layout, chance, context.zoom?.yaxis);
  return {
    traces: stepTraces(context, what),
    layout,
    ends: [...visible(context).map((one) => end(one, layout.xaxis.range[1])).filter(Boolean), ...guess],
    labels: labels(data.series),
    cursorsAt,
    clicked: ({ x }) => options.onStep?.(x),
    readout: (x) => stepReadout(context, x, numbers),
    summary: [summary(context), changesSummary(data.series)].filter(Boolean).join(" "),
    table: () => stepTable(context, numbers),
  };
}

/** A step to mark on the axis, if one is set. */
export function cursorsAt(step) {
  return Number.isFinite(step) ? [{ axis: "xaxis", across: "yaxis", from: step, to: step }] : [];
}

/** Labels of the series that can be hidden. */
export const labels = (series) => series.filter(({ ghost }) => !ghost).map(({ label }) => label);

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
