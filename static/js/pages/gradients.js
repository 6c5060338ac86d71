// /gradients: the gradient at every depth of up to five runs, at one step chosen in time.
import { patience, read } from "#api.js";
import { mount as mountFlow } from "#charts/flowByDepth.js";
import { mount as mountHeat } from "#charts/flowHeatmap.js";
import { mount as mountLoss } from "#charts/lossByStep.js";
import { mount as mountScrubber } from "#charts/scrubber.js";
import { repaint, swatch } from "#charts/swatch.js";
import { endedBefore, lastPosition, positionOf, positionWords, stepAt } from "#charts/position.js";
import { button, make, write } from "#dom.js";
import { catalog, figures } from "#given.js";
import { failureOf, isGone } from "#logic/failure.js";
import { fieldsOf } from "#logic/fields.js";
import { kindOf, runsOf } from "#logic/filter.js";
import { SCALE, acrossAll, chartWords, howOf } from "#logic/flow.js";
import { FLOW } from "#logic/measures.js";
import { picks } from "#logic/picks.js";
import { lineNames, runWords } from "#logic/specwords.js";
import { skipOf } from "#logic/spec.js";
import { active } from "#logic/states.js";
import { fromStudy, valueAt } from "#logic/sweep.js";
import { clock } from "#logic/timewords.js";
import { t } from "#logic/words.js";
import { connectionWords } from "#parts/connection.js";
import { pagesOf } from "#parts/entrylinks.js";
import { mount as mountLayers } from "#parts/layers.js";
import { mount as mountMeasure } from "#parts/measure.js";
import { mount as mountPicker } from "#parts/picker.js";
import { linked, mount as mountSegments } from "#parts/segments.js";
import { RunStore } from "#runstore.js";

const MOST = 5;
const at = (id) => document.getElementById(id);
const known = catalog();
const table = fieldsOf(known);
const chips = at("shown");

const state = {
  study: null, // while exactly its runs are shown
  frame: 0,
};
const runs = new RunStore({ changed: soon, gone: lose });
const pick = picks(settle);
const shown = () => runs.followed.flatMap((one) => one.runs);

const charts = {
  flow: mountFlow(at("flow"), figures().flowByDepth, {
    onHover: (index) => layers.point(index),
    onDrawn: (view) => layers.align(view),
    title: () => wordsOf("flowByDepth").title,
  }),
  loss: mountLoss(at("loss"), figures().lossByStep, { onStep: goTo }),
  heat: mountHeat(at("heat"), figures().flowHeatmap, {
    onHover: (index) => layers.point(index),
    onStep: goTo,
    title: () => wordsOf("flowHeatmap").title,
  }),
};
const layers = mountLayers(at("layers"), {
  pointed(index) {
    charts.flow.highlight(index);
    charts.heat.highlight(index);
  },
});
const scale = mountSegments(at("scale"), SCALE, { value: linked("scale"), chosen: showChoice });
const quantity = mountMeasure(at("quantity"), { value: linked("quantity"), chosen: showChoice });
const time = mountScrubber(at("time"), { moved: soon });
const picker = mountPicker(
  { show: at("show"), compare: at("compare") },
  { presets: known.presets, table, picked: (address, how) => open([address], how) },
);

document.addEventListener("themechange", paintChips);

begin();

async function begin() {
  const asked = new URLSearchParams(window.location.search);
  const wanted = [
    ...asked.getAll("study").slice(0, 1).map((id) => `studies/${id}`),
    ...asked.getAll("run").slice(0, MOST).map((id) => `runs/${id}`),
  ];
  if (wanted.length > 0) await open(wanted, { alone: false });
  await picker.read().catch((problem) => notice(failureOf(problem)));
  if (wanted.length === 0 && picker.newest) await open([picker.newest], { alone: true });
  showChoice();
}

/**
 * Show runs, or the runs of studies ("studies/id"), alone or beside what is shown. All are read
 * before any is shown: until then the address says what was asked for, and then what is on show.
 * Picks count in the order in which they were made, not in that of their answers.
 */
function open(addresses, how) {
  return pick(addresses.map((address) => read(...address.split("/"), patience())), how);
}

function settle(answers, { alone }) {
  notice("");
  for (const answer of answers) {
    if (answer.status === "fulfilled") show(answer.value, { alone });
    else notice(isGone(answer.reason) ? t("gradients.gone") : failureOf(answer.reason));
  }
  showChoice();
}

function show(entry, { alone }) {
  if (alone) runs.followed.forEach(close);
  const fresh = chosen(entry).filter(({ id }) => !runs.find(id));
  const room = MOST - runs.followed.length;
  if (fresh.length > room) notice(t("gradients.full", { most: MOST }));
  const begins = runs.followed.length === 0;
  for (const run of fresh.slice(0, room)) runs.run(run);
  state.study = entry.runs && begins ? entry : null;
  if (begins && shown().some(({ summary }) => active(summary.state))) time.follow();
  else if (begins) time.go(0);
}

/**
 * The runs of a study to look at first: all of a pair; of a sweep, at its first seed, those of the
 * first and the last value, whole pairs.
 */
function chosen(entry) {
  if (!entry.runs) return [entry];
  if (entry.study === "twins") {
    return runsOf(entry);
  }
  const { field, skips } = fromStudy(entry.spec);
  const seeded = entry.runs.filter(({ spec }) => spec.seed === entry.runs[0].spec.seed);
  if (seeded.length <= MOST) return seeded;
  const ends = [valueAt(seeded[0].spec, field), valueAt(seeded.at(-1).spec, field)];
  const pair = new Set(skips.slice(0, 2));
  return seeded.filter(({ spec }) => pair.has(skipOf(spec)) && ends.includes(valueAt(spec, field)));
}

function close(one) {
  one.close();
  state.study = null;
}

/** It was deleted. */
function lose(one) {
  close(one);
  showChoice();
  notice(t("gradients.gone"));
}

/** Say how the runs that are shown can be heard, where that is not as it should be. */
function drawConnection() {
  write(at("connection"), connectionWords(runs.followed.map(({ connection }) => connection)));
  at("connection").hidden = at("connection").textContent === "";
}

/** After another choice of runs: the address, the list, what can be compared. */
function showChoice() {
  const empty = runs.followed.length === 0;
  at("empty").hidden = !empty;
  at("empty-words").textContent = t(`gradients.${picker.newest ? "none" : "empty"}`);
  at("charts").hidden = empty;
  at("gradients").dataset.state = empty ? "empty" : "shown";
  const query = new URLSearchParams(
    state.study ? [["study", state.study.id]] : runs.followed.map(({ id }) => ["run", id]),
  );
  if (scale.link) query.set("scale", scale.link);
  if (quantity.link) query.set("quantity", quantity.link);
  window.history.replaceState(null, "", query.size ? `?${query}` : window.location.pathname);
  name();
  drawChips();
  picker.update(runs.followed.map(({ id }) => id), onShow());
  soon();
}

/** The study or run that is shown, where it is one. */
const onShow = () => state.study ?? (runs.followed.length === 1 ? runs.followed[0].entry : null);

/** Say what is shown, where that is one study or one run, with a link to it. */
function name() {
  const entry = onShow();
  at("about").hidden = entry === null;
  if (entry === null) return;
  const [kind, link] = at("about").children;
  // A run by itself may be one of a race or sweep.
  const what = entry !== state.study && entry.study ? t("gradients.part") : t(`runs.kinds.${kindOf(entry)}`);
  write(kind, t("gradients.about", { kind: what }));
  write(link, picker.called(entry));
  link.href = entry.runs ? pagesOf(entry)[0].href : listLink(entry);
}

/** A run where it stands in the list: there it can be taken away, or trained again. */
const listLink = ({ id, study }) => `runs?text=${study ?? id}`;

/** What is on show, each beside the look of its line. */
function drawChips() {
  const all = series();
  const paints = charts.flow.paints(all);
  chips.replaceChildren(...all.map((one, i) => chip(one, paints[i])));
}

/** In the colours of another theme; who has the focus keeps it. */
function paintChips() {
  const paints = charts.flow.paints(series());
  for (const [i, mark] of chips.querySelectorAll(".swatch").entries()) repaint(mark, paints[i]);
}

function chip({ label, run, skip }, paint) {
  const item = make("li");
  const remove = button("×", drop);
  remove.setAttribute("aria-label", t("gradients.remove", { run: label }));
  item.append(swatch(skip, paint), make("a", { href: listLink(run), textContent: label, title: [runWords(run.spec, table), clock(run.created, Date.now())].join(" · ") }), remove);
  return item;

  function drop() {
    close(runs.find(run.id));
    showChoice();
    at("compare").focus();
  }
}

function series() {
  const all = shown();
  const names = lineNames(all.map(({ history }) => history.spec), table);
  return all.map(({ history, summary }, i) => ({
    run: summary,
    label: names[i],
    skip: skipOf(history.spec),
    history,
  }));
}

function soon() {
  state.frame ||= requestAnimationFrame(() => {
    state.frame = 0;
    draw();
  });
}

function draw() {
  drawConnection();
  if (runs.followed.length === 0) return;
  const all = series();
  const histories = all.map(({ history }) => history);
  const steps = Math.max(...histories.map((history) => history.steps));
  time.update({
    last: lastPosition(histories),
    words: (place) => {
      const { key, values } = positionWords(place, steps, quantity.value);
      return t(`gradients.time.${key}`, values);
    },
  });
  const step = stepAt(time.place);
  quantity.update(all);
  const how = { quantity: quantity.value, scale: scale.value };
  charts.flow.update({ series: all, step, ...how });
  const version = `${how.quantity} ${how.scale} ${histories.map(({ id, version: own }) => `${id}:${own}`).join()}`;
  if (version !== state.version) {
    // The scrubber moves over what these two show; only new measurements change it.
    state.version = version;
    charts.loss.update({ series: all });
    charts.heat.update({ series: all, ...how });
    at("scale").hidden = !howOf({ series: all, ...how }).comparable;
    for (const [chart, id] of [["flowByDepth", "flow"], ["flowHeatmap", "heat"]]) {
      const { title, look } = wordsOf(chart, all);
      write(at(`${id}-title`), title);
      write(at(`${id}-look`), look);
    }
  }
  charts.loss.cursor(step);
  charts.heat.cursor(step);
  at("ended").textContent = endedBefore(all, time.place)
    .map(({ label, history }) => t("gradients.time.ended", { label, step: history.frames.at(-1).step }))
    .join(" ");
  layers.update({ series: all, step, ...how });
  write(at("across"), how.quantity === FLOW ? acrossAll(all, step) : "");
}

/** What a chart is called and what to look for in it, of what is shown now. */
const wordsOf = (chart, shown = series()) =>
  chartWords(chart, howOf({ series: shown, quantity: quantity.value, scale: scale.value }));

function goTo(step) {
  time.stop();
  time.go(positionOf(step, lastPosition(shown().map(({ history }) => history))));
}

function notice(textContent) {
  const box = make("p", { className: "notice", textContent });
  at("notices").replaceChildren(...(textContent ? [box] : []));
}
