// Sweeps, their runs and their measured cells, as the pages' logic is given them.
import { python } from "#support/python.js";

/** Of [depth, least and greatest error of the seeds]. */
export const PLAIN = [[8, 0.0, 0.0], [56, 0.7, 0.8]];
export const FLAT = [[8, 0.0, 0.0], [56, 0.0, 0.01]];
export const DIGITS = { noun: "digits", task: "classification", train_size: 1000 };
export const POINTS = { noun: "points", task: "regression", train_size: 1024 };

const BASE = await python.spec({});

/**
 * A run of a sweep, waiting unless what else is given says otherwise.
 *
 * @param {Json} about
 */
export function run({ seed = 0, skip = "none", depth = 8, ...state } = {}) {
  return {
    id: `${skip}${depth}${seed}`, spec: { ...BASE, seed, net: { ...BASE.net, depth, skip } }, state: "queued",
    step: 0, steps: 200, last_seq: -1, result: null, reason: null, started: null, waits: null, ends_in: null, ...state,
  };
}

/** A run that finished with this training error. */
export const done = (error, where = {}) =>
  run({ state: "finished", step: 200, result: { train_error: error, step: 200, count: 1000, diverged: false }, ...where });

/** What is gathered of two seeds at each depth. */
export const cells = (skip, of) =>
  of.map(([value, min, max]) => ({ skip, value, n: 2, min, max, mean: (min + max) / 2 }));
