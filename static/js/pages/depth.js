// /depth: predict, then measure training error against depth, or against any one other field.
import { createStudy, read } from "#api.js";
import { make } from "#dom.js";
import { catalog } from "#given.js";
import { failureOf } from "#logic/failure.js";
import { fieldsOf } from "#logic/fields.js";
import { dataOf } from "#logic/data.js";
import { MEASURES, measuresOf, progress } from "#logic/points.js";
import { askedOf } from "#logic/predict.js";
import { planWords } from "#logic/specwords.js";
import { DEPTH, fromStudy, rebased, toStudy } from "#logic/sweep.js";
import { linkOf, planOf } from "#logic/sweeplink.js";
import { t } from "#logic/words.js";
import { complain } from "#parts/complaint.js";
import { mount as mountData } from "#parts/datachoice.js";
import { announce } from "#parts/announce.js";
import { mount as mountPlan } from "#parts/sweepplan.js";
import { mount as mountQuestion } from "#parts/question.js";
import { mount as mountSettings } from "#parts/settings.js";
import { mount as mountView } from "#parts/sweepview.js";
import { RunStore } from "#runstore.js";

const at = (id) => document.getElementById(id);
const known = catalog();
const settingsTable = fieldsOf(known);

const state = {
  plan: null, // what the form says
  sweep: null, // the study on show, as runstore.js follows it
  trained: null, // its plan
  measure: MEASURES[0],
  busy: false,
  editing: true, // whether the plan's controls show; a study in their place needs the room
};
const studies = new RunStore({ changed: renderSoon, gone: lose });
let frame = 0;
let quarterSpoken = 0;

const question = mountQuestion(at("question"), {
  answered(answer) {
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
  const { sweep } = state;
  const waits = going && sweep.summaries.every(({ last_seq, step }) => last_seq < 0 && step === 0);
  const set = (waits ? state.trained : state.plan).base.data;
  return data.update({
    name: set.name ?? set,
    kept: set.limit ?? null,
    waiting: waits && sweep.summaries.some((run) => run.state === "running"),
    stop: waits && sweep.mine ? cancel : null,
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
  return state.sweep !== null && linkOf(state.trained, known) !== linkOf(state.plan, known);
}

/** The study stays in the address only while it is the one that the form describes. */
function writeLink() {
  const id = state.sweep === null || stale() ? null : state.sweep.id;
  window.history.replaceState(null, "", `depth${linkOf(state.plan, known, id)}`);
}

async function train() {
  state.busy = true;
  render();
  try {
    const study = await createStudy(toStudy(state.plan));
    at("notices").replaceChildren(); // what they said was of before
    attach(study);
  } catch (problem) {
    complain(problem);
  } finally {
    state.busy = false;
    render();
  }
}

async function cancel() {
  try {
    await state.sweep.control("stop");
  } catch (problem) {
    complain(problem);
  }
  render();
}

/** Show a study, and follow it from where it stands. */
function attach(study) {
  state.sweep?.close();
  const trained = fromStudy(study.spec);
  Object.assign(state, { sweep: studies.study(study, { frames: false }), trained, plan: trained, editing: false });
  quarterSpoken = 0;
  writeLink();
  render();
}

/** The study was deleted: what the form says stays, and can be trained. */
function lose(study) {
  study.close();
  Object.assign(state, { sweep: null, trained: null, editing: true });
  writeLink();
  notice("gone", t("depth.gone"));
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
  const { sweep } = state;
  const shown = state.trained ?? state.plan;
  const data = dataOf(shown.base, known);
  const measures = measuresOf(data);
  const runs = sweep?.summaries ?? [];
  const { over, measured, done, total } = progress(runs);
  const going = total > 0 && !over;
  const cancellable = going && sweep.mine;
  const busy = state.busy || cancellable;
  const asked = { skip: askedOf(shown), measure: measures[0] };
  const answer = question.answer(asked);
  const asks = shown.field === DEPTH && measured === 0 && !over;
  question.update({ asked, show: asks });
  // What to look for would give the answer away.
  const untold = asks && answer === "";
  at("notes").hidden = untold;
  settings.update({ base: state.plan.base, swept: state.plan.field, disabled: busy });
  form.update({
    plan: state.plan,
    busy,
    refused: settings.wrong(),
    cancellable,
    summary: planWords(shown, settingsTable),
    folded: !state.editing,
  });
  view.update({
    plan: shown,
    study: sweep,
    runs,
    connection: sweep?.connection ?? "",
    prediction: answer,
    asked,
    untold,
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
  if (quarter > quarterSpoken && state.sweep !== null) announce(t("depth.progress.spoken", { done, total }));
  quarterSpoken = Math.max(quarterSpoken, quarter);
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
    if (study.study === "twins") window.location.replace(`./?study=${id}`);
    else attach(study);
  } catch (problem) {
    const configured = [...new URLSearchParams(window.location.search).keys()].some((name) => name !== "study");
    const gone = configured ? t("depth.gone") : t("depth.gone_bare");
    notice("gone", problem.status === 404 ? gone : failureOf(problem));
    if (!problem.unreachable) writeLink();
  }
}

start();
