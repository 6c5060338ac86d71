// What the charts over training steps share: error and loss.
import { t } from "#logic/words.js";
import { merge } from "#charts/merge.js";
import { envelope, sample, smooth, ticks } from "#charts/numbers.js";
import { ghostsFirst, horizon, painted, perEpoch } from "#charts/series.js";

const POINTS = 700; // columns of a line's envelope
const ROWS = 60; // of the data table

/**
 * The axis of steps up to the longest run's last, the epoch below each tick unless the figure is compact;
 * `range` is what is seen of it, which may be part after zooming.
 */
export function stepAxis(series, width, { font, compact = false }, range = null) {
  const last = horizon(series);
  const [low, high] = range ?? [0, last];
  const most = Math.max(2, Math.min(8, Math.floor(width / (font * 6))));
  return { range: [0, last], ...stepTicks(Math.max(0, low), high, compact ? null : perEpoch(series), most) };
}

/** About how many pixels a step has, on the axis as it is seen. */
export function perStep({ width, figure, zoom }, axis) {
  const [low, high] = zoom?.xaxis ?? axis.range;
  const { l, r } = figure.layout.margin;
  return (width - l - r) / (high - low);
}

/** Ticks at round steps, each with its epoch below, as an axis takes them. */
export function stepTicks(low, high, epochSteps, most) {
  const at = ticks(low, high, most);
  const digits = high < 2 * epochSteps ? 2 : 1; // of a large set, a run may not see half
  const text = at.map((step) =>
    epochSteps ? `${step}<br>${epochAt(step, epochSteps, digits)}` : `${step}`,
  );
  return { tickmode: "array", tickvals: at, ticktext: text };
}

/** The epoch reached after so many steps, to so many decimals where it is not whole. */
export function epochAt(step, epochSteps, digits = 1) {
  return (step / epochSteps).toFixed(digits).replace(/\.0+$/, "");
}

/**
 * The traces of one chart over steps: lines of every batch, smoothed where asked, marks of whole
 * sets.
 *
 * @param {Json} what `batch(history)`: one value a step; `marks(history, "train" | "test")`: {x, y};
 *   `log`
 */
export function stepTraces(context, what) {
  const { data, figure, hidden, view } = context;
  const smoothing = data.smoothing ?? view.smoothing ?? 0;
  const traces = [];
  for (const one of ghostsFirst(painted(data.series, figure))) {
    if (hidden.has(one.label) && !one.ghost) continue;
    const { history, label } = one;
    const trace = (kind, more) => {
      const skipped = one.ghost ? { hoverinfo: "skip" } : {};
      traces.push({ ...merge(one.paint, figure.traces[kind]), name: label, ...more, ...skipped });
    };
    const values = what.batch(history);
    const kept = envelope(values, POINTS);
    trace(smoothing > 0 ? "faint" : "batch", {
      x: kept.map((i) => i + 1),
      y: kept.map((i) => values[i]),
      ...(kept.length === 1 && { mode: "markers" }), // a line of one point would not be seen
    });
    if (smoothing > 0 && !one.ghost) {
      const even = smooth(values, smoothing, what.log);
      trace("smooth", { x: kept.map((i) => i + 1), y: kept.map((i) => even[i]) });
    }
    if (one.ghost) continue;
    for (const which of ["train", "test"]) trace(which, what.marks(history, which));
    what.more?.(one, trace);
  }
  return traces;
}

/** Series on show, for the end labels and the summary: neither ghosts nor hidden ones. */
export const visible = ({ data, hidden }) =>
  data.series.filter(({ label, ghost }) => !ghost && !hidden.has(label));

const SETS = ["train", "test"];

/**
 * What was measured of each series at the step nearest to a place on the axis: the batch of that
 * step, and the last evaluation up to it with its own step. Null where nobody has come so far.
 *
 * @param {any} context as charts/view.js gives it
 * @param {number} x
 * @param {{batch: function, whole: function, say: (value: number) => string,
 *   of?: (value: number, size: number) => string[]}} what `batch(history)`: one value a step;
 *   `whole(event, "train" | "test")`; both said by `say(value)`; `of(value, size)`: the same as a
 *   count, if there is one
 */
export function stepReadout(context, x, { batch, whole, say, of = () => [] }) {
  const { data, figure } = context;
  const own = visible(context);
  const step = Math.max(0, Math.round(x));
  if (!own.some(({ history }) => step <= history.step || step <= batch(history).length)) return null;
  const events = own.map(({ history }) => history.evaluationAt(step));
  const steps = [...new Set(events.filter(Boolean).map((event) => event.step))];
  const at = (event) => t("charts.readout.at", { step: event.step });
  const alike = steps.length === 1;
  const paints = new Map(painted(data.series, figure).map(({ history, paint }) => [history, paint]));
  const cell = (value, size) => (value === undefined ? [t("charts.readout.none")] : [say(value), ...of(value, size)]);
  return {
    x: step,
    head: [
      [t("charts.readout.step", { step })],
      [t("charts.readout.batch")],
      ...SETS.map((which) => [t(`charts.readout.${which}`), ...(alike ? [at({ step: steps[0] })] : [])]),
    ],
    rows: own.map(({ skip, label, history }, i) => ({
      skip,
      label,
      paint: paints.get(history),
      cells: [
        cell(step > 0 ? batch(history)[step - 1] : undefined, history.spec.batch_size),
        ...SETS.map((which) => {
          const event = events[i];
          if (!event) return cell(undefined);
          const size = event[which === "train" ? "count" : "test_count"];
          return [...cell(whole(event, which), size), ...(alike ? [] : [at(event)])];
        }),
      ],
    })),
  };
}

/** The table of a chart over steps: some steps, and every one with an evaluation. */
export function stepTable(context, { batch, whole, say }) {
  const series = context.data.series.filter(({ ghost }) => !ghost);
  const done = Math.max(0, ...series.map(({ history }) => batch(history).length));
  const evaluated = series.flatMap(({ history }) => history.evaluations.map(({ step }) => step));
  const steps = new Set([...sample(done, ROWS).map((i) => i + 1), ...evaluated]);
  const columns = [t("charts.table.step")];
  for (const { label } of series) {
    for (const which of ["batch", "train", "test"]) {
      columns.push(t(`charts.table.${which}`, { label }));
    }
  }
  const rows = [...steps]
    .sort((a, b) => a - b)
    .map((step) => [
      step,
      ...series.flatMap(({ history }) => {
        const event = history.evaluations.find((one) => one.step === step);
        const own = step > 0 && step <= batch(history).length ? say(batch(history)[step - 1]) : "";
        return [own, event ? say(whole(event, "train")) : "", event ? say(whole(event, "test")) : ""];
      }),
    ]);
  return { columns, rows };
}
