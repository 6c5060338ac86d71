// What changes while a network trains: what is in force, and what still has a meaning.
import { present } from "#logic/fields.js";

/** The strength of all shortcuts; that of one block lies below it. */
export const STRENGTH = "net.skip.strength";

/** The setting that a path is of: `net.skip.strength.block3` is a strength. */
const settingOf = (path) => (path.startsWith(`${STRENGTH}.`) ? STRENGTH : path);

/**
 * The field of a live setting where it exists with these values, else undefined.
 *
 * @param {Json[]} live the catalogue's
 * @param {Record<string, *>} values
 * @param {string} path
 */
export const liveField = (live, values, path) => present(live, values).find((field) => field.path === settingOf(path));

/**
 * The value that a path has once all changes are made; undefined where none is of it.
 *
 * @param {Json[]} changes as of RunSpec
 * @param {string} path
 */
export function changedTo(changes, path) {
  const covers = [settingOf(path), path]; // what is said of all blocks holds for each
  let value;
  for (const { set } of changes) {
    for (const one of covers) if (one in set) value = set[one];
  }
  return value;
}

/**
 * How strong a block's shortcut was at a step of a run: 1 is as it is.
 *
 * @param {Json} history the run's
 * @param {string} block
 * @param {number} step
 */
export const strengthAt = ({ changes }, block, step) =>
  changedTo(changes.filter((change) => change.step <= step), `${STRENGTH}.${block}`) ?? 1;

/**
 * The changes that such settings can still have: none after the last step, nor of what is not there.
 *
 * @param {Json[]} changes
 * @param {Record<string, *>} values
 * @param {Json[]} live
 */
export function fitting(changes, values, live) {
  const kept = changes
    .filter(({ step }) => step <= values.steps)
    .map(({ step, set }) => ({
      step,
      set: Object.fromEntries(Object.entries(set).filter(([path]) => liveField(live, values, path))),
    }))
    .filter(({ set }) => Object.keys(set).length > 0);
  return kept.length === changes.length && kept.every((one, i) => Object.keys(one.set).length === Object.keys(changes[i].set).length)
    ? changes
    : kept;
}

/**
 * What was changed in any of these runs, step by step.
 *
 * @param {Json[]} histories
 * @returns {{step: number, set: Record<string, number>}[]}
 */
export function changesOf(histories) {
  const steps = new Map();
  for (const { changes } of histories) {
    for (const { step, set } of changes) steps.set(step, { ...steps.get(step), ...set });
  }
  return [...steps].map(([step, set]) => ({ step, set })).sort((one, other) => one.step - other.step);
}

/** Places on a slider of powers of ten. */
export const toPower = (value) => Math.log10(value);
/** And back, to two digits: a place is no more exact. */
export const fromPower = (place) => Number((10 ** place).toPrecision(2));
