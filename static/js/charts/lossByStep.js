import { divergence } from "#logic/divergence.js";
import { plain } from "#logic/format.js";
import { t } from "#logic/words.js";
import { cursorsAt, labels } from "#charts/errorByStep.js";
import { changeMarks, changesSummary } from "#charts/changes.js";
import { handle } from "#charts/handle.js";
import { decadeStep, decades, placeOn, positive, roomy } from "#charts/numbers.js";
import { Growing, horizon, shown } from "#charts/series.js";
import { perStep, stepAxis, stepReadout, stepTable, stepTraces, visible } from "#charts/steps.js";
import { View } from "#charts/view.js";

/**
 * Loss by step on a log axis: each batch's own as a line, whole sets as marks.
 *
 * `update({series, cursor?, smoothing?})` as in errorByStep.js.
 */
export function mount(el, figure, options = {}) {
  const range = new Growing();
  return handle(
    new View(el, figure, { smoothing: true, ...options }, (context) => draw(context, range)),
  );
}

const batch = ({ loss }) => loss;
const numbers = { batch, whole: (event, which) => event[`${which}_loss`], say: plain };

function draw(context, growing) {
  const { data, figure, width, tall, options } = context;
  // A ghost that was infinite before must not press flat what is measured now.
  const own = data.series.filter(({ ghost }) => !ghost);
  const range = growing.update(shown(data.series), (before) => grown(own, before)) ?? [-1, 1];
  const [, high] = range;
  const edge = horizon(data.series);
  const what = {
    log: true,
    batch: ({ loss }) => Array.from(loss, (value) => (positive(value) ? value : null)),
    marks(history, which) {
      const seen = history.evaluations.filter((event) => positive(event[`${which}_loss`]));
      return { x: seen.map(({ step }) => step), y: seen.map((event) => event[`${which}_loss`]) };
    },
    more({ history }, trace) {
      if (!history.ending?.diverged) return;
      trace("lost", { x: [history.diverged], y: [10 ** high] });
    },
  };
  const xaxis = stepAxis(data.series, width, figure, context.zoom?.xaxis);
  const marks = changeMarks(data.series, figure, { perStep: perStep(context, xaxis) });
  return {
    traces: stepTraces(context, what),
    layout: {
      xaxis,
      shapes: marks.shapes,
      annotations: [...figure.layout.annotations, ...marks.annotations],
      yaxis: { dtick: decadeStep(range, tall, figure.font), range: roomy(range) },
    },
    ends: visible(context)
      .map(({ label, history }) => {
        const last = history.loss.findLast(positive);
        return last === undefined ? null : { label, place: placeOn(range, last), at: history.step / edge };
      })
      .filter(Boolean),
    labels: labels(data.series),
    cursorsAt,
    clicked: ({ x }) => options.onStep?.(x),
    readout: (x) => stepReadout(context, x, numbers),
    summary: [summary(context), changesSummary(data.series)].filter(Boolean).join(" "),
    table: () => stepTable(context, numbers),
  };
}

function grown(series, before) {
  let range = before;
  for (const { history } of series) {
    range = decades(history.loss, range);
    range = decades(history.evaluations.flatMap((e) => [e.train_loss, e.test_loss]), range);
  }
  return range;
}

function summary(context) {
  return visible(context)
    .map(({ label, history }) => {
      if (history.ending?.diverged) {
        return t("charts.summary.diverged", { label, lost: divergence(history.ending) });
      }
      if (history.loss.length === 0) return t("charts.summary.unmeasured", { label });
      return t("charts.summary.loss", { label, step: history.loss.length, loss: plain(history.loss.at(-1)) });
    })
    .join(" ");
}
