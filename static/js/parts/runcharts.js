// The charts of runs that are over, at a step and of a quantity that a reader chooses.
import { mount as mountError } from "#charts/errorByStep.js";
import { mount as mountFlow } from "#charts/flowByDepth.js";
import { mount as mountHeat } from "#charts/flowHeatmap.js";
import { mount as mountLoss } from "#charts/lossByStep.js";
import { mount as mountScrubber } from "#charts/scrubber.js";
import { lastPosition, positionOf, positionWords, stepAt } from "#charts/position.js";
import { make } from "#dom.js";
import { figures } from "#given.js";
import { SCALE, chartWords, howOf } from "#logic/flow.js";
import { t } from "#logic/words.js";
import { mount as mountMeasure } from "#parts/measure.js";
import { section } from "#parts/section.js";
import { mount as mountSegments } from "#parts/segments.js";

/**
 * Put the charts into an element.
 *
 * @param {HTMLElement} el
 * @param {{label: string, skip: string, history: import("#logic/history.js").RunHistory}[]} series
 * @param {{task: string, chance: number | null}} data the data set's facts
 */
export function mount(el, series, data) {
  const histories = series.map(({ history }) => history);
  const last = lastPosition(histories);
  const steps = Math.max(...histories.map((history) => history.steps));
  let now = last;

  const onStep = (step) => time.go(positionOf(step, last));
  const charts = {};
  if (data.task !== "regression") add("errorByStep", mountError, { chance: data.chance, onStep });
  const flow = add("flowByDepth", mountFlow, { onHover: (index) => charts.flowHeatmap.highlight(index) });
  const heat = add("flowHeatmap", mountHeat, { onStep, onHover: (index) => charts.flowByDepth.highlight(index) });
  add("lossByStep", mountLoss, { onStep });

  const [switches, place] = ["div", "div"].map((tag) => make(tag, {}));
  const quantities = /** @type {HTMLSelectElement} */ (make("select", { ariaLabel: t("flow.measure") }));
  const scale = mountSegments(switches, SCALE, { chosen: show });
  const quantity = mountMeasure(quantities, { chosen: show });
  quantity.update(series);
  flow.head.append(switches, quantities);
  flow.el.append(place);
  const time = mountScrubber(place, {
    moved(to) {
      now = to;
      showFlow();
    },
  });
  time.update({ last, words: timeWords });
  for (const name of ["errorByStep", "lossByStep"]) charts[name]?.update({ series });
  showHeat();
  time.go(last);

  function add(name, mountChart, options) {
    const made = section(name, t(`charts.${name}.title`), t(`charts.${name}.look`));
    el.append(made.el);
    charts[name] = mountChart(made.chart, figures()[name], options);
    return made;
  }

  function timeWords(at) {
    const { key, values } = positionWords(at, steps, quantity.value);
    return t(`gradients.time.${key}`, values);
  }

  function showFlow() {
    const step = stepAt(now);
    charts.flowByDepth.update({ series, step, quantity: quantity.value, scale: scale.value });
    // At the end, where a reader begins, a line would only cover the last marks.
    const cursor = now < last ? step : null;
    for (const name of ["errorByStep", "flowHeatmap", "lossByStep"]) charts[name]?.cursor(cursor);
  }

  function showHeat() {
    charts.flowHeatmap.update({ series, quantity: quantity.value, scale: scale.value });
    const how = howOf({ series, quantity: quantity.value, scale: scale.value });
    switches.hidden = !how.comparable;
    flow.tell(chartWords("flowByDepth", how));
    heat.tell(chartWords("flowHeatmap", how));
  }

  function show() {
    time.update({ last, words: timeWords });
    showFlow();
    showHeat();
  }

  return Object.values(charts);
}
