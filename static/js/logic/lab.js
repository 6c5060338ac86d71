// What the Lab shows for the state it is in: pure, so that every state can be tested.
import { defaultsOf } from "./fields.js";
import { reach, stateOf } from "./pair.js";
import { differing, studyValues } from "./spec.js";
import { active } from "./states.js";

/** Settings that stand in the first line; all others fold away. */
export const PRIMARY = ["net.depth", "net.skip", "against", "data.name"];

/** The others in the order in which a person wants them; what is not named here comes last. */
const ORDER = [
  "net.family", "net.width", "net.block", "net.norm", "net.activation", "net.init", "net.downsample",
  "optimizer.name", "optimizer.lr", "optimizer.momentum", "optimizer.beta1", "optimizer.beta2",
  "optimizer.weight_decay", "batch_size", "steps", "seed", "device",
];
/** What a run may have, but no form: it is written in a link. */
const NO_CONTROL = ["changes"];

/** The paths of the settings that fold away: those that leave a choice. */
export function folded(table) {
  const open = table.filter(({ type, choices }) => type !== "choice" || choices.length > 1);
  const paths = new Set(open.map(({ path }) => path));
  for (const path of [...PRIMARY, ...NO_CONTROL]) paths.delete(path);
  const rank = (path) => (ORDER.includes(path) ? ORDER.indexOf(path) : ORDER.length);
  return [...paths].sort((a, b) => rank(a) - rank(b));
}

/** A study's values with every field that it left out at its default. */
export function complete(study, table) {
  const values = studyValues(study);
  return { ...defaultsOf(table, values), ...values };
}

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

/** What the status line says of a pair: the key of its words under "lab.status", and its values. */
export function statusOf(histories, { state = stateOf(histories), steps } = {}) {
  const step = reach(histories);
  if (state === "queued") {
    const places = histories.map(({ place }) => place).filter(Number.isFinite);
    return places.length
      ? { key: "queued", values: { place: Math.min(...places) } }
      : { key: "queued_next", values: {} };
  }
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
  return { key: states.includes("stopped") ? "stopped" : "ended", values: { step } };
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
 * @returns {{fields: Record<string, string>, others: object[]}}
 */
export function placed(problems, paths) {
  const fields = {};
  const others = [];
  for (const problem of problems) {
    const field = problem.field.replace(/^base\./, "");
    const path = [field, `${field}.name`].find((one) => paths.includes(one));
    if (path) fields[path] = [fields[path], `${problem.problem}; ${problem.allowed}`].filter(Boolean).join(". ");
    else others.push({ ...problem, field });
  }
  return { fields, others };
}
