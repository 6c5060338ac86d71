// What the Lab shows for the state it is in: pure, so that every state can be tested.
import { lackOf } from "#logic/data.js";
import { arranged, completed, rootOf } from "#logic/fields.js";
import { reach, stateOf } from "#logic/pair.js";
import { overfull } from "#logic/reconcile.js";
import { differing, studyValues } from "#logic/spec.js";
import { active } from "#logic/states.js";

/** Settings that stand in the first line, each with its parameters; all others fold away. */
const PRIMARY = ["net.depth", "net.skip", "against", "data"];

/** The others in the order in which a person wants them; what is not named here comes last. */
const ORDER = [
  "net.family", "net.width", "net.branch", "net.placement", "net.tail", "net.norm", "net.activation", "net.init",
  "net.downsample", "optimizer", "batch_size", "steps", "seed", "device",
];

/** Whether a form has a control for it: a choice of one leaves none, and what is JSON is written in a link. */
const controlled = ({ kind, choices, each }) =>
  kind === "choice" ? choices.length > 1 : kind === "list" ? each.choices.length > 0 : kind !== "json";

/** The paths of the settings in the first line, in order. */
export const primary = (table) => arranged(table.filter((field) => PRIMARY.includes(rootOf(field))), PRIMARY);

/** The paths of the settings that fold away: those that leave a choice. */
export function folded(table) {
  return arranged(table.filter((field) => controlled(field) && !PRIMARY.includes(rootOf(field))), ORDER);
}

/**
 * Settings after their pair was changed while it trains: they go with it where they were its own.
 *
 * @param {Json} values
 * @param {Json | null} before the pair's study as it was
 * @param {Json} now and as it is
 * @param {any[]} table
 */
export function adopted(values, before, now, table) {
  const own = before && differing(values, complete(before, table)).length === 0;
  return own ? { ...values, changes: now.base.changes } : values;
}

/** A study's values with every field that it left out at its default. */
export const complete = (study, table) => completed(table, studyValues(study));

/**
 * The preset that values come nearest to; the one in use wins a tie, then the first.
 *
 * @returns {{name: string, differs: string[]}} the paths that differ from it
 */
export function nearestPreset(values, presets, table, current = null) {
  const near = presets.map(({ name, spec }) => ({ name, differs: differing(values, complete(spec, table)) }));
  const rank = ({ name, differs }) => 2 * differs.length - (name === current ? 1 : 0);
  return near.reduce((best, one) => (rank(one) < rank(best) ? one : best));
}

/**
 * What the buttons do and say.
 *
 * @param {{state: "none" | "queued" | "running" | "paused" | "ended", mine: boolean,
 *   changed: boolean, busy: boolean, stepping?: boolean}} now `changed`: the settings are not those of
 *   the pair; `stepping`: it is to make its first step, and waits for both networks to stand before it
 * @returns {{train: "train" | "pause" | "resume" | "again" | "train_new" | "wait",
 *   can: {train: boolean, step: boolean, stop: boolean, again: boolean}}}
 */
export function buttons({ state, mine, changed, busy, stepping = false }) {
  const own = active(state) && mine;
  const train = own ? ownTrain(state, changed) : state === "ended" && !changed ? "again" : "train";
  return {
    train,
    can: {
      train: !busy && !stepping && train !== "wait",
      step: !busy && !stepping && (!own || state === "paused"),
      stop: !busy && own,
      again: state === "ended" && !changed,
    },
  };
}

function ownTrain(state, changed) {
  if (changed) return "train_new";
  return { running: "pause", paused: "resume", queued: "wait" }[state];
}

/**
 * Whether a pair that was started by hand can make its first step: when both networks stand before
 * it. It never will once either has ended.
 *
 * @returns {"wait" | "go" | "over"}
 */
export function firstStep(histories) {
  if (histories.some(({ ended }) => ended)) return "over";
  return histories.every(({ state }) => state === "paused") ? "go" : "wait";
}

/**
 * What the status line says of a pair: the key of its words under "lab.status", and its values.
 *
 * @param {Json[]} histories
 * @param {{state?: string, steps?: number}} now
 */
export function statusOf(histories, { state = stateOf(histories), steps } = {}) {
  const step = reach(histories);
  if (state === "queued") return { key: state, values: {} };
  if (state === "paused" && catchingUp(histories)) return { key: "pausing", values: {} };
  if (state === "paused") {
    // By hand, each step counts, though a frame may cover many.
    return { key: state, values: { step: Math.min(...histories.map(({ done }) => done)), steps } };
  }
  if (state !== "ended") return { key: state, values: { step, steps } };
  const states = histories.map(({ ending, state: own }) => ending?.type ?? own);
  if (states.every((one) => one === "finished") && step === steps) {
    return { key: "finished", values: { steps } };
  }
  return { key: ["stopped", "interrupted"].find((one) => states.includes(one)) ?? "ended", values: { step } };
}

/** Whether one twin still does the steps that the other had done when it was told to pause. */
function catchingUp(histories) {
  const done = histories.map(({ done: steps }) => steps);
  return Math.max(...done) - Math.min(...done) > 1; // by hand, one is a step ahead for a moment
}

/** A pair's state as the badge names it. */
export function badgeOf(histories) {
  const state = stateOf(histories);
  if (state === "paused" && catchingUp(histories)) return "pausing";
  if (state !== "ended") return state;
  const states = histories.map(({ ending, state: own }) => ending?.type ?? own);
  return ["failed", "interrupted", "stopped"].find((one) => states.includes(one)) ?? "finished";
}

/** What became of a pair that ended before its first step: the key of its words, else null. */
export function earlyEnd(histories) {
  if (stateOf(histories) !== "ended" || histories.some(({ step }) => step > 0)) return null;
  const how = badgeOf(histories);
  return how === "finished" ? null : `${how}_early`;
}

/**
 * Problems that the server found, by the form's own paths, and the rest for a notice.
 *
 * @param {{field: string, problem: string, allowed: string}[]} problems
 * @param {string[]} paths fields that have a control
 * @returns {{fields: Record<string, string>, others: Json[]}}
 */
export function placed(problems, paths) {
  const fields = {};
  const others = [];
  for (const problem of problems) {
    const field = problem.field.replace(/^base\./, "");
    const path = [field, field.replace(/\.name$/, "")].find((one) => paths.includes(one));
    if (path) fields[path] = [fields[path], `${problem.problem}; ${problem.allowed}`].filter(Boolean).join(". ");
    else others.push({ ...problem, field });
  }
  return { fields, others };
}

/**
 * The problems of a page as they are shown: beside their fields, and in notices where these have no
 * control or are `hidden`.
 *
 * @param {{problems: {field: string, problem: string, allowed: string}[], values: Json}} lab
 * @param {any} catalog what can be chosen
 * @param {{paths: string[], hidden: string[]}} controls
 * @returns {{fields: Record<string, string>, others: any[], over: any}} `over`: the batch is larger than its data
 */
export function faults({ problems, values }, catalog, { paths, hidden }) {
  const { fields, others } = placed(problems, paths);
  const lack = lackOf(values, catalog);
  if (lack) fields.data = lack;
  const over = "batch_size" in fields ? overfull(values, catalog) : null;
  const unseen = hidden.filter((path) => path in fields && !(over && path === "batch_size"));
  return { fields, others: [...others, ...unseen.map((path) => ({ field: path, problem: fields[path] }))], over };
}

/**
 * Where a page's pair stands, as buttons() takes it.
 *
 * @param {Json} lab
 * @param {any[]} table
 * @returns {any}
 */
export function standingOf({ race, values, busy, stepping }, table) {
  if (!race) return { state: "none", mine: true, changed: false, busy };
  const changed = differing(values, complete(race.spec, table)).length > 0;
  return { state: stateOf(race.histories), mine: race.mine, changed, busy, stepping };
}

/**
 * The data that a page needs: the pair's where that waits for it, else the form's.
 *
 * @param {Json} lab
 * @param {any[]} table
 */
export function dataWanted({ race, values }, table) {
  const begun = race?.histories.some(({ started }) => started);
  const waiting = Boolean(race) && stateOf(race.histories) === "running" && !begun;
  const of = waiting ? complete(race.spec, table) : values;
  return { name: of.data, kept: of["data.limit"], waiting };
}
