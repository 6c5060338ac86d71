// /gradients: the gradient at every depth of up to five runs, at one step chosen in time.
import { catalog, figures, read } from "../api.js";
import { mount as mountFlow } from "../charts/flowByDepth.js";
import { mount as mountHeat } from "../charts/flowHeatmap.js";
import { mount as mountLoss } from "../charts/lossByStep.js";
import { mount as mountScrubber } from "../charts/scrubber.js";
import { endedBefore, lastPlace, placeOf, placeWords, stepAt } from "../charts/time.js";
import { button, make, write } from "../dom.js";
import { follow } from "../live.js";
import { labels } from "../logic/differs.js";
import { failureOf, isGone } from "../logic/failure.js";
import { fieldsOf } from "../logic/fields.js";
import { kindOf } from "../logic/filter.js";
import { RunHistory } from "../logic/history.js";
import { entryWords, roleOf, runWords, say, usualOf } from "../logic/short.js";
import { active } from "../logic/states.js";
import { fromStudy, valueAt } from "../logic/sweep.js";
import { t } from "../logic/words.js";
import { pagesOf } from "../parts/entrylinks.js";
import { mount as mountLayers } from "../parts/layers.js";
import { mount as mountPicker } from "../parts/picker.js";
import { swatch } from "../parts/swatch.js";

const MOST = 5;
const at = (id) => document.getElementById(id);
const known = catalog();
const table = fieldsOf(known);
const chips = at("shown");

const state = {
  shown: [], // {run, history, socket}
  study: null, // while exactly its runs are shown
  quantity: "flow_norm",
  frame: 0,
};

const charts = {
  flow: mountFlow(at("flow"), figures().flowByDepth, { onHover: (index) => layers.point(index), onDrawn: alignLayers }),
  loss: mountLoss(at("loss"), figures().lossByStep, { onStep: goTo, onDrawn: alignTime }),
  heat: mountHeat(at("heat"), figures().flowHeatmap, { onHover: (index) => layers.point(index), onStep: goTo }),
};
const layers = mountLayers(at("layers"), {
  pointed(index) {
    charts.flow.highlight(index);
    charts.heat.highlight(index);
  },
});
const time = mountScrubber(at("time"), { moved: soon });
const picker = mountPicker(
  { show: at("show"), compare: at("compare") },
  { presets: known.presets, table, picked: open },
);

document.addEventListener("themechange", paintChips);
for (const choice of document.querySelectorAll("[data-quantity]")) {
  choice.addEventListener("click", () => {
    state.quantity = choice.dataset.quantity;
    for (const one of document.querySelectorAll("[data-quantity]")) {
      one.setAttribute("aria-pressed", String(one === choice));
    }
    soon();
  });
}

begin();

async function begin() {
  const asked = new URLSearchParams(window.location.search);
  const wanted = [
    ...asked.getAll("study").slice(0, 1).map((id) => `studies/${id}`),
    ...asked.getAll("run").slice(0, MOST).map((id) => `runs/${id}`),
  ];
  for (const one of wanted) await open(one, { alone: false });
  await picker.read().catch((problem) => notice(failureOf(problem)));
  if (wanted.length === 0 && picker.newest) await open(picker.newest, { alone: true });
  settle();
}

/** Show a run, or the runs of a study ("studies/id"), alone or beside what is shown. */
async function open(address, { alone }) {
  const [kind, id] = address.split("/");
  let entry;
  try {
    entry = await read(kind, id);
  } catch (problem) {
    return notice(isGone(problem) ? t("gradients.gone") : failureOf(problem));
  }
  notice("");
  if (alone) while (state.shown.length) close(state.shown[0]);
  const fresh = chosen(entry).filter(({ id: run }) => !state.shown.some((one) => one.run.id === run));
  const room = MOST - state.shown.length;
  if (fresh.length > room) notice(t("gradients.full", { most: MOST }));
  const begins = state.shown.length === 0;
  for (const run of fresh.slice(0, room)) watch(run);
  state.study = kind === "studies" && begins ? entry : null;
  if (begins && state.shown.some(({ run }) => active(run.state))) time.follow();
  else if (begins) time.go(0);
  settle();
}

/**
 * The runs of a study to look at first: all of a pair; of a sweep, at its first seed, those of the
 * first and the last value, whole pairs.
 */
function chosen(entry) {
  if (!entry.runs) return [entry];
  if (entry.study === "twins") {
    // The plain one first, as on every page.
    return [...entry.runs].sort((a, b) => (b.spec.net.skip === "none") - (a.spec.net.skip === "none"));
  }
  const { field, skips } = fromStudy(entry.spec);
  const seeded = entry.runs.filter(({ spec }) => spec.seed === entry.runs[0].spec.seed);
  if (seeded.length <= MOST) return seeded;
  const ends = [valueAt(seeded[0].spec, field), valueAt(seeded.at(-1).spec, field)];
  const pair = new Set(skips.slice(0, 2));
  return seeded.filter(({ spec }) => pair.has(spec.net.skip) && ends.includes(valueAt(spec, field)));
}

function watch(run) {
  const history = new RunHistory(run.id, run.spec);
  const one = { run, history, socket: null };
  history.stand(run);
  state.shown.push(one);
  one.socket = follow("runs", run.id, {}, {
    onEvents: (_, events) => history.add(events) && soon(),
    onState: (message) => {
      history.stand(message);
      soon();
    },
    onConnection: (how) => {
      if (how === "gone") {
        close(one);
        settle();
        notice(t("gradients.gone"));
      }
    },
  });
}

function close(one) {
  one.socket?.close();
  state.shown.splice(state.shown.indexOf(one), 1);
  state.study = null;
}

/** After another choice of runs: the address, the list, what can be compared. */
function settle() {
  const empty = state.shown.length === 0;
  at("empty").hidden = !empty;
  at("empty-words").textContent = t(`gradients.${picker.newest ? "none" : "empty"}`);
  at("charts").hidden = empty;
  at("gradients").dataset.state = empty ? "empty" : "shown";
  const query = state.study
    ? `study=${state.study.id}`
    : state.shown.map(({ run }) => `run=${run.id}`).join("&");
  window.history.replaceState(null, "", query ? `?${query}` : window.location.pathname);
  name();
  drawChips();
  picker.update(state.shown.map(({ run }) => run.id));
  soon();
}

/** Say what is shown, where that is one study or one run, with a link to it. */
function name() {
  const alone = state.shown.length === 1 ? state.shown[0].run : null;
  const entry = state.study ?? alone;
  at("about").hidden = entry === null;
  if (entry === null) return;
  const [kind, link] = at("about").children;
  // A run by itself may be one of a race or sweep.
  const what = entry === alone && alone.study ? t("gradients.part") : t(`runs.kinds.${kindOf(entry)}`);
  write(kind, t("gradients.about", { kind: what }));
  write(link, entryWords(entry, known.presets, table));
  link.href = entry.runs ? pagesOf(entry)[0].href : listed(entry);
}

/** A run where it stands in the list: there it can be taken away, or trained again. */
const listed = ({ id, study }) => `/runs?text=${study ?? id}`;

/** What is on show, each beside the colour of its line. */
function drawChips() {
  const all = series();
  const colours = charts.flow.colours(all);
  chips.replaceChildren(...all.map((one, i) => chip(one, colours[i])));
}

/** In the colours of another theme; who has the focus keeps it. */
function paintChips() {
  const colours = charts.flow.colours(series());
  for (const [i, mark] of chips.querySelectorAll(".swatch").entries()) mark.style.setProperty("--paint", colours[i]);
}

function chip({ label, run, role, history }, colour) {
  const item = make("li");
  const remove = button("×", drop);
  remove.setAttribute("aria-label", t("gradients.remove", { run: label }));
  item.append(swatch(role, colour), make("a", { href: listed(run), textContent: label, title: runWords(run.spec, table) }), remove);
  return item;

  function drop() {
    close(state.shown.find((one) => one.history === history));
    settle();
    at("compare").focus();
  }
}

function series() {
  const specs = state.shown.map(({ history }) => history.spec);
  const names = specs.length > 1 ? labels(specs, say, (spec) => usualOf(spec, table)) : specs.map((spec) => say("net.skip", spec.net.skip));
  return state.shown.map(({ history, run }, i) => ({
    run,
    label: names[i],
    role: roleOf(history.spec.net.skip),
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
  if (state.shown.length === 0) return;
  const all = series();
  const { quantity } = state;
  const histories = all.map(({ history }) => history);
  const steps = Math.max(...histories.map((history) => history.steps));
  time.update({
    last: lastPlace(histories),
    words: (place) => {
      const { key, values } = placeWords(place, steps, quantity);
      return t(`gradients.time.${key}`, values);
    },
  });
  const step = stepAt(time.place);
  charts.flow.update({ series: all, step, quantity });
  const version = `${quantity} ${histories.map(({ id, version: own }) => `${id}:${own}`).join()}`;
  if (version !== state.version) {
    // The scrubber moves over what these two show; only new measurements change it.
    state.version = version;
    charts.loss.update({ series: all });
    charts.heat.update({ series: all, quantity });
  }
  charts.loss.cursor(step);
  charts.heat.cursor(step);
  at("ended").textContent = endedBefore(all, time.place)
    .map(({ label, history }) => t("gradients.time.ended", { label, step: history.frames.at(-1).step }))
    .join(" ");
  layers.update({ series: all, step, quantity });
}

function goTo(step) {
  time.stop();
  time.go(placeOf(step, lastPlace(state.shown.map(({ history }) => history))));
}

/** A slider's thumb stands below the place of the chart above that it means. */
function aligned(el, view, first, last) {
  const [left, right] = [view.placeOf(first), view.placeOf(last)];
  el.style.setProperty("--left", `${left}px`);
  el.style.setProperty("--right", `${view.plot.clientWidth - right}px`);
}

function alignTime(view) {
  aligned(at("time"), view, stepAt(0), stepAt(lastPlace(state.shown.map(({ history }) => history))));
}

function alignLayers(view) {
  aligned(at("layers"), view, ...view.drawn.depth);
}

function notice(textContent) {
  const said = make("p", { className: "notice", textContent });
  at("notices").replaceChildren(...(textContent ? [said] : []));
}
