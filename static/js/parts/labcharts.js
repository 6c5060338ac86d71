// The Lab's charts: the twins overlaid, the pair before behind them.
import { mount as mountError } from "#charts/errorByStep.js";
import { mount as mountFlow } from "#charts/flowByDepth.js";
import { mount as mountHeat } from "#charts/flowHeatmap.js";
import { mount as mountLoss } from "#charts/lossByStep.js";
import { write } from "#dom.js";
import { figures } from "#given.js";
import { nameOf } from "#logic/data.js";
import { flat, settingsBeside } from "#logic/specdiff.js";
import { chartWords, howOf } from "#logic/flow.js";
import { settingWords } from "#logic/specwords.js";
import { t } from "#logic/words.js";
import { mount as mountMeasure } from "#parts/measure.js";

/**
 * Mount the Lab's charts.
 *
 * `update({sides, ghost, data, scale})`: `sides` and `ghost` are `{skip, name, history}` in the page's
 * order (`ghost` may be empty), `data` the data set's facts, `scale` of gradients "relative" or
 * "absolute". `clear()`, `highlight(layer | null)`.
 */
export function mount(root, { onLayer: onHover }) {
  const place = (id) => root.querySelector(`#${id}`);
  const all = figures();
  const flow = mountFlow(place("flow-chart"), all.flowByDepth, { onHover });
  const loss = mountLoss(place("loss-chart"), all.lossByStep, { onHover });
  let first = null;
  const heat = mountHeat(place("heat-charts"), all.flowHeatmap, { onHover });
  let now = null;
  const quantity = mountMeasure(place("quantity"), { chosen: show });

  function show() {
    if (!now) return;
    const { sides, ghost, data, scale } = now;
    const own = sides.map(({ skip, name: label, history }) => ({ skip, label, history }));
    quantity.update(own);
    const how = howOf({ series: own, quantity: quantity.value, scale });
    const before = ghost.map(({ skip, name, history }) => ({
      skip, label: t("lab.chart.ghost", { name }), history, ghost: true,
    }));
    const beside = (alike) => ({
      series: [...(alike ? before : []), ...own], chance: data.chance, quantity: quantity.value,
    });
    const [old, { history }] = [ghost[0]?.history.spec, sides[0]];
    const sameData = Boolean(old) && nameOf(old) === nameOf(history.spec);
    const sameNet = sameData && ["family", "depth"].every((key) => old?.net[key] === history.spec.net[key]);
    const kind = data.task === "regression" ? "loss" : "error";
    progress(kind).update(beside(sameData));
    write(place("error-look"), t(`lab.chart.${kind}_look`));
    const grey = sameData ? t("lab.chart.grey", { what: differences(ghost, sides) }) : "";
    for (const id of ["error-grey", "loss-grey"]) write(place(id), grey);
    write(place("flow-grey"), sameNet ? grey : "");
    flow.update({ ...beside(sameNet), scale }); // layer by layer only where the layers are the same
    loss.update(beside(sameData));
    heat.update({ series: own, quantity: quantity.value, scale });
    tell("flow", chartWords("flowByDepth", how));
    tell("heat", chartWords("flowHeatmap", how));
  }

  function tell(chart, { title, look }) {
    write(place(`${chart}-title`), title);
    write(place(`${chart}-look`), look);
  }

  /** The first chart: of the error, or of the loss where the task has no error. */
  function progress(kind) {
    if (first?.kind === kind) return first.chart;
    first?.chart.destroy();
    const el = place("error-chart");
    const chart =
      kind === "error" ? mountError(el, all.errorByStep, { onHover }) : mountLoss(el, all.lossByStep, { onHover });
    place("error-title").textContent = t(`lab.chart.${kind}`);
    // Where the first chart is of the loss, a second of the same says nothing.
    place("loss-chart").closest("section").hidden = kind === "loss";
    first = { kind, chart };
    return chart;
  }

  progress("error");

  return {
    update(next) {
      if (same(now, next) && next.sides.every(({ history }, i) => history.version === now.versions[i])) return;
      now = { ...next, versions: next.sides.map(({ history }) => history.version) };
      show();
    },
    /** Show nothing: what was measured before is of other settings. */
    clear() {
      now = null;
      for (const chart of [flow, loss, heat, first.chart]) chart.clear();
    },
    highlight(index) {
      for (const chart of [flow, loss, heat, first.chart]) chart.highlight(index);
    },
  };
}

/** What sets a pair apart from another, in words. */
function differences(pair, other) {
  const settings = pair.flatMap(({ history }, i) => settingsBeside(history.spec, flat(other[i].history.spec)));
  const words = new Set(settings.map(([path, value]) => settingWords(path, value)));
  return [...words].join(", ") || t("lab.chart.grey_same");
}

/** Whether the same pairs are shown under the same names. */
function same(now, next) {
  if (!now) return false;
  const key = ({ sides, ghost, scale }) => scale + [...sides, ...ghost].map(({ name, history }) => `${name} ${history.id}`).join();
  return key(now) === key(next);
}
