// What a sweep has measured: every run's own point, and what they come to together. Works on a
// study's runs as the server lists them, kept up to date by their events.
import { divergence } from "#logic/divergence.js";
import { ended } from "#logic/states.js";
import { valueAt } from "#logic/sweep.js";

export const MEASURES = ["train_error", "test_error", "train_loss", "test_loss"];

/**
 * What can be measured of a network on this data, the first being what the pages speak of: a task
 * without right and wrong answers has losses alone.
 */
export function measuresOf({ task }) {
  return task === "regression" ? MEASURES.filter((measure) => measure.endsWith("loss")) : MEASURES;
}

/** How a run stands, for a person: its state, or "diverged" for a loss that stopped being finite. */
export function standing(run) {
  return run.state === "finished" && run.result?.diverged ? "diverged" : run.state;
}

/**
 * One point for each run: {run, skip, value, seed, standing, lost, y, step, steps, count, reason}.
 *
 * `y` is the measure at the run's last step, for runs that did all of their steps; null for one
 * that has not (yet): a network that was stopped early has no place beside those that were not.
 */
export function points(runs, field, measure) {
  return runs.map((run) => {
    const kind = standing(run);
    const y = kind === "finished" ? (run.result?.[measure] ?? null) : null;
    const test = measure.startsWith("test");
    return {
      run: run.id,
      skip: valueAt(run.spec, "net.skip"),
      value: valueAt(run.spec, field),
      seed: run.spec.seed,
      standing: kind,
      lost: kind === "diverged" ? divergence(run.result) : "",
      y,
      step: Math.max(run.step, run.result?.step ?? 0),
      steps: run.steps,
      count: (test ? run.result?.test_count : run.result?.count) ?? null,
      reason: run.reason ?? null,
    };
  });
}

/**
 * For each skip and value, in the order first met: {skip, value, n, mean, min, max, count, diverged,
 * failed}; `count` is how many examples each was measured on.
 */
export function gathered(all) {
  const cells = new Map();
  for (const point of all) {
    const key = JSON.stringify([point.skip, point.value]);
    if (!cells.has(key)) {
      cells.set(key, { skip: point.skip, value: point.value, ys: [], count: null, diverged: 0, failed: 0 });
    }
    const cell = cells.get(key);
    if (point.y !== null) {
      cell.ys.push(point.y);
      cell.count = point.count;
    }
    if (point.standing === "diverged") cell.diverged += 1;
    if (point.standing === "failed") cell.failed += 1;
  }
  return [...cells.values()].map(({ ys, ...cell }) => ({
    ...cell,
    n: ys.length,
    mean: ys.length ? ys.reduce((sum, y) => sum + y, 0) / ys.length : null,
    min: ys.length ? Math.min(...ys) : null,
    max: ys.length ? Math.max(...ys) : null,
  }));
}

/** The runs that differ from this one in the network alone, itself among them, in their order. */
export function besides(all, id) {
  const { value, seed } = all.find(({ run }) => run === id);
  return all.filter((one) => one.value === value && one.seed === seed).map(({ run }) => run);
}

/** How far a study is: counts by standing, and the runs that go or wait (in the queue's order). */
export function progress(runs) {
  const counts = {};
  for (const run of runs) counts[standing(run)] = (counts[standing(run)] ?? 0) + 1;
  const waiting = runs.filter(({ state }) => state === "queued");
  return {
    total: runs.length,
    done: runs.filter(({ state }) => ended(state)).length,
    measured: counts.finished ?? 0,
    counts,
    going: runs.filter(({ state }) => state === "running" || state === "paused"),
    waiting: waiting.sort((a, b) => before(a) - before(b)),
    over: runs.length > 0 && runs.every(({ state }) => ended(state)),
  };
}

/** How many are served before a run; of one that has no place yet, all. */
const before = ({ waits }) => (waits ? waits.pairs + waits.runs : Infinity);

/** Whether some run of an ended study has no measurement to show (stopped, failed, interrupted). */
export function partial(runs) {
  return runs.some(({ state }) => ended(state) && state !== "finished");
}

/**
 * Seconds until every run has ended, or null before there is anything to go by.
 *
 * Takes a run's work to grow with its depth, steps and batch: rough, and better than a count.
 */
export function timeLeft(runs, now) {
  const begun = Math.min(
    ...runs.map(({ started }) => (started ? Date.parse(started) : Infinity)),
  );
  let done = 0;
  let left = 0;
  for (const run of runs) {
    const work = run.spec.net.depth * run.spec.batch_size;
    if (ended(run.state)) {
      if (run.started) done += work * run.step;
    } else {
      done += work * run.step;
      left += work * Math.max(0, run.steps - run.step);
    }
  }
  const elapsed = (now - begun) / 1000;
  return done > 0 && elapsed > 0 ? (left * elapsed) / done : null;
}
