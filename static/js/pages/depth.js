// /depth: predict, then measure training error against depth, or against any one other field.
import { Problem, catalog, control, createStudy, read } from "../api.js";
import { make } from "../dom.js";
import { follow } from "../live.js";
import { failureOf } from "../logic/failure.js";
import { fieldsOf } from "../logic/fields.js";
import { dataOf } from "../logic/data.js";
import { MEASURES, afterEvent, afterState, measuresOf, progress } from "../logic/points.js";
import { planWords } from "../logic/short.js";
import { ended } from "../logic/states.js";
import { DEPTH, fromStudy, rebased, toStudy } from "../logic/sweep.js";
import { linkOf, planOf } from "../logic/sweeplink.js";
import { t } from "../logic/words.js";
import { mount as mountData } from "../parts/datachoice.js";
import { say } from "../parts/say.js";
import { mount as mountPlan } from "../parts/sweepplan.js";
import { mount as mountQuestion, remembered } from "../parts/question.js";
import { mount as mountSettings } from "../parts/settings.js";
import { mount as mountView } from "../parts/sweepview.js";
import { toast } from "../parts/toast.js";

const at = (id) => document.getElementById(id);
const known = catalog();
const settingsTable = fieldsOf(known);

const state = {
  plan: null, // what the form says
  shown: null, // the plan of the study that is shown, or null
  study: null,
  runs: [],
  measure: MEASURES[0],
  prediction: remembered(),
  connection: "", // of the socket
  unanswered: false, // the last question about the study
  busy: false,
  editing: true, // whether the plan's controls show; a study in their place needs the room
};
const LOOK_MS = 1500; // how often it is asked how far the runs are: a sweep says nothing between its ends
let socket = null;
let look = 0;
let frame = 0;
let told = 0;

const question = mountQuestion(at("question"), {
  answered(answer) {
    state.prediction = answer;
    render();
    if (answer) at("train").focus();
  },
});
const form = mountPlan(document.querySelector(".plan"), { catalog: known, changed: plan, train, cancel, edit });
const settings = mountSettings(at("settings"), {
  catalog: known,
  changed: (base) => plan(rebased(state.plan, base, known)),
  refused: () => render(),
  counted: (n) => {
    at("more-count").textContent = n ? t("depth.plan.changed", { n }) : "";
  },
});
const view = mountView(document.querySelector(".result"), {
  measured(name) {
    state.measure = name;
    render();
  },
});

const data = mountData(at("dataset"), { catalog: known, heard: render });

/** What a run lacks of its data: of the study's while that waits for it, else of the plan's. */
function lacking(going) {
  const waits = going && state.runs.every(({ last_seq, step }) => last_seq < 0 && step === 0);
  const set = (waits ? state.shown : state.plan).base.data;
  return data.update({
    name: set.name ?? set,
    kept: set.limit ?? null,
    waiting: waits && state.runs.some((run) => run.state === "running"),
    stop: waits && state.study.mine ? cancel : null,
  });
}

function edit() {
  state.editing = true;
  render();
}

function plan(next) {
  state.plan = next;
  state.editing = true;
  writeLink();
  render();
}

/** Whether the form describes the study that is shown. */
function stale() {
  return state.shown !== null && linkOf(state.shown, known) !== linkOf(state.plan, known);
}

/** The study stays in the address only while it is the one that the form describes. */
function writeLink() {
  const id = state.study === null || stale() ? null : state.study.id;
  window.history.replaceState(null, "", `/depth${linkOf(state.plan, known, id)}`);
}

async function train() {
  state.busy = true;
  render();
  try {
    const study = await createStudy(toStudy(state.plan));
    at("notices").replaceChildren(); // what they said was of before
    attach(study);
  } catch (problem) {
    toast(failureOf(problem), { kind: "error" });
  } finally {
    state.busy = false;
    render();
  }
}

async function cancel() {
  try {
    const study = await control("studies", state.study.id, "stop");
    state.study = study;
  } catch (problem) {
    toast(failureOf(problem), { kind: "error" });
  }
  render();
}

/** Show a study, and follow it from where it stands. */
function attach(study) {
  leave();
  state.study = study;
  state.runs = study.runs;
  state.shown = fromStudy(study.spec);
  state.plan = state.shown;
  state.editing = false;
  told = 0;
  writeLink();
  if (!ended(study.state)) {
    listen(study);
    lookSoon(study.id);
  }
  render();
}

/** Follow the study that is shown no longer. */
function leave() {
  state.unanswered = false;
  socket?.close();
  window.clearTimeout(look);
}

/** The study was deleted: what the form says stays, and can be trained. */
function lose() {
  leave();
  Object.assign(state, { study: null, shown: null, runs: [], connection: "", editing: true });
  writeLink();
  notice("gone", t("depth.gone"));
}

/** Ask now and then how many steps the runs have done. */
function lookSoon(id) {
  look = window.setTimeout(async () => {
    const study = document.hidden ? null : await news(id);
    if (state.study?.id !== id || progress(state.runs).over) return;
    if (study) {
      const steps = new Map(study.runs.map((run) => [run.id, run.step]));
      state.runs = state.runs.map((one) => ({ ...one, step: Math.max(one.step, steps.get(one.id) ?? 0) }));
      render();
    }
    lookSoon(id);
  }, LOOK_MS);
}

/** The study as the server has it; null where it does not answer, which is shown, or has none any more. */
async function news(id) {
  const study = await read("studies", id).catch((problem) => {
    if (!(problem instanceof Problem)) throw problem;
    return problem;
  });
  const failed = study instanceof Problem;
  if (state.study?.id !== id) return null;
  if (failed && study.status === 404) lose();
  else state.unanswered = failed;
  if (failed) render();
  return failed ? null : study;
}

function listen({ id, runs }) {
  const after = Object.fromEntries(runs.map((run) => [run.id, run.last_seq]));
  socket = follow("studies", id, { after, frames: false }, {
    onEvents(run, events) {
      state.runs = state.runs.map((one) => (one.id === run ? events.reduce(afterEvent, one) : one));
      renderSoon();
    },
    onState(said) {
      const message = { ...said, at: new Date().toISOString() };
      state.runs = state.runs.map((one) => (one.id === message.run ? afterState(one, message) : one));
      renderSoon();
    },
    onConnection(connection) {
      state.connection = connection;
      if (connection === "gone") lose();
      if (connection === "done") finish(id);
      renderSoon();
    },
  });
}

/** What the events don't tell (times, counts) is read once at the end. */
async function finish(id) {
  const study = await news(id);
  if (state.study?.id !== id) return;
  if (study === null) {
    look = window.setTimeout(finish, LOOK_MS, id);
    return;
  }
  state.study = study;
  state.runs = study.runs;
  render();
}

function renderSoon() {
  if (frame) return;
  frame = window.requestAnimationFrame(() => {
    frame = 0;
    render();
  });
}

function render() {
  const shown = state.shown ?? state.plan;
  const data = dataOf(shown.base, known);
  const measures = measuresOf(data);
  const { over, measured, done, total } = progress(state.runs);
  const going = state.study !== null && total > 0 && !over;
  const busy = state.busy || (going && state.study.mine);
  question.update({
    answer: state.prediction,
    show: state.plan.field === DEPTH && measured === 0,
    changeable: measured === 0,
    measure: measures[0],
  });
  settings.update({ base: state.plan.base, swept: state.plan.field, disabled: busy });
  form.update({
    plan: state.plan,
    busy,
    refused: settings.wrong(),
    cancellable: going && state.study.mine,
    summary: state.editing ? "" : planWords(state.plan, settingsTable),
  });
  view.update({
    ...state,
    connection: state.unanswered ? "unreachable" : state.connection,
    plan: shown,
    data,
    measure: measures.includes(state.measure) ? state.measure : measures[0],
    lacks: lacking(going),
    now: Date.now(),
  });
  notice("stale", stale() ? t("depth.stale") : "");
  speak(done, total);
}

/** Screen readers hear of a quarter, half, three quarters, and the end. */
function speak(done, total) {
  const quarter = total ? Math.floor((4 * done) / total) : 0;
  if (quarter > told && state.study !== null) say(t("depth.progress.spoken", { done, total }));
  told = Math.max(told, quarter);
}

function notice(name, text) {
  const old = at("notices").querySelector(`[data-name="${name}"]`);
  if (!text) {
    old?.remove();
    return;
  }
  if (old) return;
  const box = make("p", { className: "notice", textContent: text });
  box.dataset.name = name;
  at("notices").append(box);
}

async function start() {
  const { plan: asked, study: id, problems } = planOf(window.location.search, known);
  problems.forEach((name, index) => notice(`link-${index}`, t("depth.link", { name })));
  state.plan = asked;
  render();
  if (!id) return;
  try {
    const study = await read("studies", id);
    if (study.study === "twins") window.location.replace(`/?study=${id}`);
    else attach(study);
  } catch (problem) {
    const settled = [...new URLSearchParams(window.location.search).keys()].some((name) => name !== "study");
    const gone = settled ? t("depth.gone") : t("depth.gone_bare");
    notice("gone", problem.status === 404 ? gone : failureOf(problem));
    if (!problem.unreachable) writeLink();
  }
}

start();
