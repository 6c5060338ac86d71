// The Lab: a network and its twin, trained side by side.
import * as api from "#api.js";
import { schedule } from "#charts/scheduler.js";
import { catalog as given } from "#given.js";
import { lackOf } from "#logic/data.js";
import { reasonOf } from "#logic/failure.js";
import { studyFieldsOf } from "#logic/fields.js";
import { SCALE } from "#logic/flow.js";
import { adopted, buttons, complete, dataWanted, faults, firstStep, folded, nearestPreset, primary, standingOf } from "#logic/lab.js";
import { stateOf } from "#logic/pair.js";
import { reconcile } from "#logic/reconcile.js";
import { studySpec } from "#logic/spec.js";
import { t } from "#logic/words.js";
import { answered, complain } from "#parts/complaint.js";
import { addressOf } from "#parts/address.js";
import { mount as mountData } from "#parts/datachoice.js";
import { mount as mountForm } from "#parts/form.js";
import { mount as mountFold } from "#parts/fold.js";
import { shortcuts } from "#parts/keys.js";
import { mount as mountView } from "#parts/labview.js";
import { previewer } from "#parts/preview.js";
import { linked, mount as mountSegments } from "#parts/segments.js";
import { copyLink } from "#parts/share.js";
import { RunStore } from "#runstore.js";

const catalog = given();
const table = studyFieldsOf(catalog, "twins");
const ruleOf = (path) => table.find((field) => field.path === path);
const address = addressOf(catalog, table);
const LEAST_WAIT_MS = 60;
const runs = new RunStore({ changed: heard });
const byId = (id) => document.getElementById(id);

const lab = {
  values: null, preset: null, notes: {},
  race: null, // the pair on show, as runstore.js follows it
  spec: null, // the pair's, as it was when it was last looked at
  ghost: null,
  previewed: null,
  problems: [], unread: [], failure: null, missing: null,
  asked: "", measuring: false, busy: false, stepping: false,
};

const preview = previewer((news) => {
  lab.measuring = news.busy;
  // While they are measured, what was measured of the settings before may stay; no longer.
  if (!news.busy) lab.previewed = news.histories;
  Object.assign(lab, { problems: news.problems, failure: news.failure });
  render();
});
const form = mountForm(
  [
    { element: byId("fields-primary"), paths: primary(table) },
    { element: byId("fields-more"), paths: folded(table) },
  ],
  table,
  { catalog, onChange: change },
);
const view = mountView(byId("lab"), { catalog, picked: () => render() });
const scale = mountSegments(byId("scale"), SCALE, { value: linked("scale"), chosen: () => (hold(), render()) });
const more = mountFold(byId("more-toggle"), { changed: () => render() });
const data = mountData(byId("dataset"), { catalog, heard: heardOfData });

/* What a person does */

function change(path, value) {
  const before = lab.values;
  const { values, moved } = reconcile({ ...before, [path]: value }, path, { catalog, table }, before);
  const notes = Object.fromEntries(moved.map((one) => [one.path, t(`lab.notice.moved_${one.because}`, one.words)]));
  configure(values, { notes });
}

/**
 * Take over a whole configuration. A pair that still trains goes on; one that ended is the ghost, but
 * not behind another preset, with which it has nothing to do. `entry`: Back leads to the settings before.
 */
function configure(values, { preset = lab.preset, notes = {}, entry = false } = {}) {
  form.reset();
  const related = preset === lab.preset;
  Object.assign(lab, { values, preset, notes, unread: [], missing: null, problems: [], failure: null });
  if (lab.race && stateOf(lab.race.histories) === "ended" && standing().changed) retire();
  if (!related) lab.ghost = null;
  if (!lab.race) measure();
  hold({ entry });
  render();
}

/** Measure step 0 of the settings in the form. */
function measure() {
  lab.asked = JSON.stringify(study());
  const lack = lackOf(lab.values, catalog);
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
  return ["pause", "resume"].includes(train) ? act(train) : start();
}

/** Train a new pair with the settings in the form. */
async function start({ paused = false } = {}) {
  const wrong = document.querySelector("#settings [aria-invalid=true]");
  if (wrong) {
    more.reveal(wrong);
    wrong.focus();
    return;
  }
  await work(async () => {
    preview.drop();
    // What was measured of other settings is not this pair's step 0.
    if (lab.measuring || lab.asked !== JSON.stringify(study())) lab.previewed = null;
    lab.measuring = false;
    const old = lab.race;
    const next = runs.study(await api.createStudy(study(), { paused }));
    // The new pair trains from here on: nothing may keep it from the page.
    retire();
    Object.assign(lab, { race: next, spec: next.spec, stepping: paused, problems: [], failure: null, notes: {}, missing: null });
    hold();
    await old?.release().catch((error) => {
      if (!(error instanceof api.Problem)) throw error;
      complain(error, t("lab.unstopped", { detail: reasonOf(error) }));
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

/** The pair was changed while it trains: settings that were its own, and the address, go with it. */
function adopt() {
  lab.values = adopted(lab.values, lab.spec, lab.race.spec, table);
  lab.spec = lab.race.spec;
  hold();
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
    else complain(error);
  } finally {
    lab.busy = false;
    render();
  }
}

/* What the server says */

function heard() {
  const { race } = lab;
  if (race && race.spec !== lab.spec) adopt();
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
const standing = () => standingOf(lab, table);

/** What a run lacks of its data: of the pair's where that waits for it, else of the form's. */
function lacking() {
  const wanted = dataWanted(lab, table);
  return data.update({ ...wanted, stop: wanted.waiting && lab.race.mine ? () => act("stop") : null });
}

/** Let the address hold the settings and the pair; `entry` makes a step of Back. */
const hold = (how = {}) => address.hold(lab.values, { study: lab.race?.id, scale: scale.link }, how);

/** Draw soon, in a task of its own: what is drawn together with a chart makes one long task. */
const render = () => schedule(lab, draw, LEAST_WAIT_MS);

function draw() {
  if (!lab.values) return;
  const hidden = more.folded ? folded(table) : [];
  const { fields, others, over } = faults(lab, catalog, { paths: form.paths(), hidden });
  form.update({ values: lab.values, problems: fields, notes: lab.notes });
  const near = nearestPreset(lab.values, catalog.presets, table, lab.preset);
  view.update({
    ...lab,
    standing: standing(),
    scale: scale.value,
    lacks: lacking(),
    near,
    folded: near.differs.filter((path) => folded(table).includes(path)).length,
    others,
    overfull: over,
    forget: () => change("changes", []),
    fill: () => change("batch_size", over.most),
    back: () => configure(complete(lab.race.spec, table)),
  });
}

/* The start */

byId("train").addEventListener("click", press);
byId("step").addEventListener("click", step);
byId("stop").addEventListener("click", () => act("stop"));
byId("copy").addEventListener("click", () => copyLink(t("lab.export.copied")));
byId("new-seed").addEventListener("click", () => again({ seed: (lab.values.seed + 1) % 2 ** 32 }));
byId("twice").addEventListener("click", () => again({ steps: Math.min(2 * lab.values.steps, ruleOf("steps").maximum) }));
// An ended pair may have been deleted on another page.
byId("export").addEventListener("click", () => lab.race?.check());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") lab.race?.check();
});
byId("settings").addEventListener("submit", (event) => event.preventDefault());
for (const button of document.querySelectorAll("[data-preset]")) {
  button.addEventListener("click", () => {
    const { name, spec } = catalog.presets.find((one) => one.name === button.dataset.preset);
    configure(complete(spec, table), { preset: name, entry: true });
  });
}
window.addEventListener("popstate", back);
shortcuts({ " ": byId("train"), s: byId("step") }, byId("keys"));

/** The same pair with something changed, trained at once. */
function again(values) {
  Object.assign(lab, { values: { ...lab.values, ...values }, notes: {} });
  return start();
}

/** Show what the address names. */
async function open() {
  const { values, preset, study: id, problems } = address.read();
  Object.assign(lab, { values, preset, unread: problems });
  render();
  if (id) await attach(id);
  if (!lab.race || lab.race.histories.every(({ step }) => step === 0)) measure();
}

/** Show what the address names after Back or Forward; a pair that trains goes on, as with any settings. */
function back() {
  const { values, preset, study: id } = address.read();
  if (!id || id === lab.race?.id) return configure(values, { preset });
  lab.race?.close();
  preview.drop();
  Object.assign(lab, { race: null, ghost: null, previewed: null, notes: {}, missing: null, problems: [], failure: null });
  return open();
}

async function attach(id) {
  const { search } = window.location;
  try {
    const found = await api.read("studies", id);
    if (window.location.search !== search) return; // Back or Forward was faster
    if (found.study !== "twins") lab.missing = "not_twins";
    else Object.assign(lab, { race: runs.study(found), spec: found.spec, values: complete(found.spec, table), unread: [], missing: null });
  } catch (error) {
    if (!(error instanceof api.Problem)) throw error;
    lab.missing = error.status === 404 ? "deleted" : "unreachable";
    if (lab.missing === "unreachable") answered().then(() => lab.missing === "unreachable" && attach(id));
  }
  if (lab.missing !== "unreachable") hold();
  render();
}

open();
