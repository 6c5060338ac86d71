// The Lab: a network and its twin, trained side by side.
import * as api from "../api.js";
import { schedule } from "../charts/scheduler.js";
import { lackOf } from "../logic/data.js";
import { failureOf, reasonOf } from "../logic/failure.js";
import { studyFieldsOf } from "../logic/fields.js";
import { PRIMARY, buttons, complete, firstStep, folded, nearestPreset, placed } from "../logic/lab.js";
import { parse, write } from "../logic/link.js";
import { stateOf } from "../logic/pair.js";
import { overfull, pruned, settle } from "../logic/settle.js";
import { differing, studySpec } from "../logic/spec.js";
import { t } from "../logic/words.js";
import { mount as mountData } from "../parts/datachoice.js";
import { mount as mountForm } from "../parts/form.js";
import { shortcuts } from "../parts/keys.js";
import { mount as mountView } from "../parts/labview.js";
import { previewer } from "../parts/preview.js";
import { Race } from "../parts/race.js";
import { toast } from "../parts/toast.js";

const catalog = api.catalog();
const table = studyFieldsOf(catalog, "twins");
const LEAST_WAIT_MS = 60;
const byId = (id) => document.getElementById(id);

const lab = {
  values: null,
  preset: null,
  notes: {},
  race: null,
  ghost: null,
  previewed: null,
  asked: "",
  measuring: false,
  problems: [],
  failure: null,
  unread: [],
  missing: null,
  busy: false,
  stepping: false,
};

const preview = previewer((said) => {
  lab.measuring = said.busy;
  // While they are measured, what was measured of the settings before may stay; no longer.
  if (!said.busy) lab.previewed = said.histories;
  Object.assign(lab, { problems: said.problems, failure: said.failure });
  render();
});
const form = mountForm(
  [
    { element: byId("fields-primary"), paths: PRIMARY },
    { element: byId("fields-more"), paths: folded(table) },
  ],
  table,
  { catalog, onChange: change },
);
const view = mountView(byId("lab"), { catalog });
const data = mountData(byId("dataset"), { catalog, heard: heardOfData });

/* What a person does */

function change(path, value) {
  const before = lab.values;
  const { values, moved } = settle({ ...before, [path]: value }, path, catalog, before);
  const notes = Object.fromEntries(moved.map((one) => [one.path, t(`lab.notice.moved_${one.because}`)]));
  // Another choice has other parameters: those that are new take their defaults.
  configure(complete(studySpec("twins", table, pruned(values, before, table)), table), { notes });
}

/** Take over a whole configuration. A pair that still trains goes on; one that ended is the ghost. */
function configure(values, { preset = lab.preset, notes = {} } = {}) {
  form.reset();
  Object.assign(lab, { values, preset, notes, unread: [], missing: null, problems: [], failure: null });
  if (lab.race && stateOf(lab.race.histories) === "ended" && isChanged()) retire();
  if (!lab.race) measure();
  address();
  render();
}

/** Measure step 0 of the settings in the form. */
function measure() {
  lab.asked = JSON.stringify(study());
  const lack = lackOf(lab.values["data.name"], catalog);
  if (!lack) return preview.ask(study());
  preview.drop();
  const problems = [{ field: "data", problem: lack, allowed: "" }];
  Object.assign(lab, { measuring: false, previewed: null, failure: null, problems });
  return render();
}

/** Put the pair on show aside: it stays behind the next one, in grey. */
function retire() {
  if (!lab.race) return;
  lab.race.close();
  if (lab.race.histories.some(({ step }) => step > 0)) lab.ghost = lab.race;
  lab.race = null;
}

async function press() {
  const { train } = buttons(standing());
  if (train === "pause") return act("pause");
  if (train === "resume") return act("resume");
  return start();
}

/** Train a new pair with the settings in the form. */
async function start({ paused = false } = {}) {
  const wrong = document.querySelector("#settings [aria-invalid=true]");
  if (wrong) {
    if (byId("more").contains(wrong)) unfold(true);
    wrong.focus();
    return;
  }
  await work(async () => {
    preview.drop();
    // What was measured of other settings is not this pair's step 0.
    if (lab.measuring || lab.asked !== JSON.stringify(study())) lab.previewed = null;
    lab.measuring = false;
    const old = lab.race;
    const next = await Race.start(study(), { paused }, heard);
    // The new pair trains from here on: nothing may keep it from the page.
    retire();
    Object.assign(lab, { race: next, stepping: paused, problems: [], failure: null, notes: {}, missing: null });
    address();
    await old?.release().catch((error) => {
      if (!(error instanceof api.Problem)) throw error;
      toast(t("lab.unstopped", { detail: reasonOf(error) }), { kind: "error" });
    });
  });
  // All that the server had to say of the new pair may have come before it was taken up.
  heard();
  if (!lab.race && !lab.previewed && !lab.problems.length) measure();
}

async function step() {
  const { state, mine } = standing();
  if (state === "paused" && mine) {
    view.sweep();
    return act("step");
  }
  return start({ paused: true });
}

const act = (action) => work(() => lab.race.control(action));

/** Do what needs the server; what it says against it is shown, and nothing else is lost. */
async function work(doing) {
  lab.busy = true;
  render();
  try {
    await doing();
  } catch (error) {
    if (!(error instanceof api.Problem)) throw error;
    if (error.problems.length) Object.assign(lab, { problems: error.problems, failure: null });
    else toast(failureOf(error), { kind: "error" });
  } finally {
    lab.busy = false;
    render();
  }
}

/* What the server says */

function heard() {
  const { race } = lab;
  const first = race && lab.stepping ? firstStep(race.histories) : "wait";
  if (first !== "wait" || race?.connection === "gone") lab.stepping = false;
  if (first === "go") {
    view.sweep();
    act("step");
  }
  render();
}

/** Step 0 is measured as soon as its data has come. */
function heardOfData({ arrived }) {
  const { race } = lab;
  const over = race && stateOf(race.histories) === "ended" && race.histories.every(({ step }) => step === 0);
  if (arrived && (!race || over)) measure();
  render();
}

/* What is shown */

const study = () => studySpec("twins", table, lab.values);
const isChanged = () => differing(lab.values, complete(lab.race.spec, table)).length > 0;

function standing() {
  const { race, busy, stepping } = lab;
  if (!race) return { state: "none", mine: true, changed: false, busy };
  return { state: stateOf(race.histories), mine: race.mine, changed: isChanged(), busy, stepping };
}

/** What a run lacks of its data: of the pair's where that waits for it, else of the form's. */
function lacking() {
  const { race, values } = lab;
  const waits = race && stateOf(race.histories) === "running" && !race.histories.some(({ started }) => started);
  const of = waits ? complete(race.spec, table) : values;
  return data.update({
    name: of["data.name"],
    kept: of["data.limit"],
    waiting: Boolean(waits),
    stop: waits && race.mine ? () => act("stop") : null,
  });
}

/** The address bar holds the configuration, and the pair that is shown. */
function address() {
  const link = write(lab.values, table, { study: lab.race?.id });
  window.history.replaceState(null, "", link || window.location.pathname);
}

/** Draw soon, in a task of its own: what is drawn together with a chart makes one long task. */
const render = () => schedule(lab, draw, LEAST_WAIT_MS);

function draw() {
  if (!lab.values) return;
  const { fields, others } = placed(lab.problems, form.paths());
  const lack = lackOf(lab.values["data.name"], catalog);
  if (lack) fields["data.name"] = lack;
  form.update({ values: lab.values, problems: fields, notes: lab.notes });
  const near = nearestPreset(lab.values, catalog.presets, table, lab.preset);
  const over = "batch_size" in fields ? overfull(lab.values, catalog) : null;
  const hidden = byId("more").hidden ? folded(table).filter((path) => path in fields) : [];
  for (const path of hidden.filter((one) => !over || one !== "batch_size")) others.push({ field: path, problem: fields[path] });
  view.update({
    ...lab,
    standing: standing(),
    lacks: lacking(),
    near,
    folded: near.differs.filter((path) => !PRIMARY.includes(path)).length,
    others,
    overfull: over,
    fill: () => change("batch_size", over.most),
    back: () => configure(complete(lab.race.spec, table)),
  });
}

function unfold(open = byId("more").hidden) {
  byId("more").hidden = !open;
  byId("more-toggle").setAttribute("aria-expanded", String(open));
  render();
}

/* The start */

byId("train").addEventListener("click", press);
byId("step").addEventListener("click", step);
byId("stop").addEventListener("click", () => act("stop"));
byId("new-seed").addEventListener("click", () => again({ seed: (lab.values.seed + 1) % 2 ** 32 }));
byId("twice").addEventListener("click", () => again({ steps: Math.min(2 * lab.values.steps, catalog.limits.steps) }));
// An ended pair may have been deleted on another page.
byId("export").addEventListener("click", () => lab.race?.check());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") lab.race?.check();
});
byId("more-toggle").addEventListener("click", () => unfold());
byId("settings").addEventListener("submit", (event) => event.preventDefault());
for (const button of document.querySelectorAll("[data-preset]")) {
  button.addEventListener("click", () => {
    const { preset: name } = button.dataset;
    const { spec } = catalog.presets.find((one) => one.name === name);
    configure(complete(spec, table), { preset: name });
  });
}
shortcuts({ " ": byId("train"), s: byId("step") }, byId("keys"));

/** The same pair with something changed, trained at once. */
function again(values) {
  Object.assign(lab, { values: { ...lab.values, ...values }, notes: {} });
  return start();
}

/** Show what the address names: the settings, and the pair if one is shown. */
async function open() {
  const link = parse(window.location.search, table);
  lab.values = link.given ? link.values : complete(catalog.presets[0].spec, table);
  lab.unread = link.problems;
  lab.preset = nearestPreset(lab.values, catalog.presets, table).name;
  render();
  if (link.study) await attach(link.study);
  if (!lab.race || lab.race.histories.every(({ step }) => step === 0)) measure();
}

async function attach(id) {
  try {
    const race = await Race.find(id, heard);
    if (!race) lab.missing = "not_twins";
    else Object.assign(lab, { race, values: complete(race.spec, table), unread: [] });
  } catch (error) {
    if (!(error instanceof api.Problem)) throw error;
    lab.missing = error.status === 404 ? "deleted" : "unreachable";
  }
  if (lab.missing !== "unreachable") address();
  render();
}

open();
