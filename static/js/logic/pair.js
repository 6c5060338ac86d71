// A network and its twin as one thing: who is who, and how far both have come.
import { lastUpTo } from "#logic/history.js";
import { isPlain } from "#logic/skips.js";
import { differing, flatten, skipOf } from "#logic/spec.js";

/** The two sides of a pair in the order of the page: the plain network first, if there is one. */
export function sidesOf(base, twin) {
  const sides = [
    { ...base, skip: skipOf(base.spec), twin: false },
    { ...twin, skip: skipOf(twin.spec), twin: true },
  ];
  return isPlain(sides[1].skip) ? sides.reverse() : sides;
}

/** The last step that both have reached; one that diverged or failed holds the other not back. */
export function reach(histories) {
  const going = histories.filter(({ diverged, state }) => diverged === null && state !== "failed");
  const steps = (going.length ? going : histories).map(({ step }) => step);
  return going.length ? Math.min(...steps) : Math.max(...steps);
}

/**
 * A history as it was when it stood at an earlier step, and the same object all along: what draws
 * it can tell one run from another, and keep its axes.
 */
export class Cut {
  #history;
  #step = 0;
  #kept = { version: "" };

  constructor(history) {
    this.#history = history;
  }

  /** Move the cut. @returns {Cut} itself */
  at(step) {
    this.#step = step;
    return this;
  }

  get id() {
    return this.#history.id;
  }

  get spec() {
    return this.#history.spec;
  }

  get started() {
    return this.#history.started;
  }

  get steps() {
    return this.#history.steps;
  }

  get changes() {
    return this.#history.changes;
  }

  get step() {
    return this.#now.step;
  }

  get loss() {
    return this.#now.loss;
  }

  get error() {
    return this.#now.error;
  }

  get frames() {
    return this.#now.frames;
  }

  get evaluations() {
    return this.#now.evaluations;
  }

  get predictions() {
    return this.#now.predictions;
  }

  get version() {
    return this.#now.version;
  }

  get ending() {
    return this.#whole ? this.#history.ending : null;
  }

  get diverged() {
    return this.#whole ? this.#history.diverged : null;
  }

  get ended() {
    return this.#whole && this.#history.ended;
  }

  get state() {
    return this.#whole || this.#history.state !== "finished" ? this.#history.state : "running";
  }

  get reason() {
    return this.#history.reason;
  }

  /** The last frame at or before a step that is not cut off, or null. */
  frameAt(step) {
    return lastUpTo(this.frames, step);
  }

  /** The last evaluation at or before a step that is not cut off, or null. */
  evaluationAt(step) {
    return lastUpTo(this.evaluations, step);
  }

  get #whole() {
    return this.#history.step <= this.#step;
  }

  /** The lists up to the cut, made once for each place and state of the history. */
  get #now() {
    const { version: drawn } = this.#history;
    const version = this.#whole ? `${drawn}` : `${drawn}:${this.#step}`;
    if (this.#kept.version !== version) this.#kept = { version, ...this.#lists() };
    return this.#kept;
  }

  #lists() {
    const { step, loss, error, frames, evaluations, predictions } = this.#history;
    if (this.#whole) return { step, loss, error, frames, evaluations, predictions };
    const first = frames.slice(0, countUpTo(frames, this.#step));
    const covered = first.at(-1)?.step ?? 0;
    return {
      step: covered,
      loss: loss.slice(0, covered),
      error: error.slice(0, covered),
      frames: first,
      evaluations: evaluations.slice(0, countUpTo(evaluations, this.#step)),
      predictions: predictions.slice(0, countUpTo(predictions, this.#step)),
    };
  }
}

function countUpTo(items, step) {
  const last = lastUpTo(items, step);
  return last ? items.indexOf(last) + 1 : 0;
}

/**
 * What was measured of an untrained network, in the form of a history: its first batch.
 *
 * @param {Json} described the server's answer to describe
 */
export function preview(described) {
  const { measured } = described;
  const frame = measured && {
    step: 0,
    measures: measured.measures,
    underflowed: measured.underflowed,
    lr: described.spec.optimizer.lr,
    time: 0,
  };
  const frames = frame ? [frame] : [];
  return {
    id: null,
    spec: described.spec,
    started: { ...described, metrics: [], engine: { device: described.device, threads: 1, stacked: false } },
    steps: described.spec.steps,
    loss: measured ? [measured.loss] : [],
    error: measured && measured.error !== undefined ? [measured.error] : [],
    frames,
    evaluations: [],
    predictions: [],
    changes: [],
    ending: null,
    diverged: null,
    ended: false,
    state: "preview",
    step: 0,
    version: `preview:${JSON.stringify(described.spec)}`,
    frameAt: (at) => lastUpTo(frames, at),
    evaluationAt: () => null,
  };
}

/** By initialisation, the one that draws the same weights for layers. */
const DRAWS = new Map([["zero-gamma", "he"]]);

/**
 * How many layers of two networks start from the same weights, bit for bit. Each parameter is drawn by
 * the run's seed and its own name, so these are the layers whose name and shape both have.
 *
 * @param {Json} one a history
 * @param {Json} other
 * @returns {{alike: number, of: number, more: number, scales: boolean} | null} of those of the main path, how many
 *   other layers only one has, or each in a shape of its own, and whether scales of norms start otherwise; null where
 *   seed or the layers' initialisation differ
 */
export function sameStart(one, other) {
  if (!one.started || !other.started) return null;
  const decides = (path) => path === "seed" || `${path}.`.startsWith("net.init.");
  const [ours, theirs] = [one, other].map(({ spec }) => flatten(spec));
  const draws = (flat) => ({ ...flat, "net.init": DRAWS.get(flat["net.init"]) ?? flat["net.init"] });
  if (differing(draws(ours), draws(theirs)).some(decides)) return null;
  const [main, beside] = ["layers", "other_layers"].map((kind) => {
    const [mine, others] = [one, other].map(({ started }) => new Map(started[kind].map(({ name, shape }) => [name, shape.join()])));
    const alike = [...mine].filter(([name, shape]) => others.get(name) === shape).length;
    return { alike, of: new Set([...mine.keys(), ...others.keys()]).size };
  });
  return { ...main, more: beside.of - beside.alike, scales: ours["net.init"] !== theirs["net.init"] };
}

/** Whether two specs see the same batches in the same order. */
export function sameBatches(one, other) {
  const paths = differing(flatten(one), flatten(other));
  return paths.every((path) => !`${path}.`.startsWith("data.") && path !== "batch_size" && path !== "seed");
}

/** A pair's one state: what the page's main button must know. */
export function stateOf(histories) {
  const states = histories.map((history) => (history.ending ? "ended" : history.state));
  for (const state of ["running", "paused", "queued"]) if (states.includes(state)) return state;
  return "ended";
}

/** Which of 25, 50, 75 and 100 % lie between two steps of a run: what the page says aloud. */
export function milestones(before, now, steps) {
  return [25, 50, 75, 100].filter(
    (share) => before < (share / 100) * steps && now >= (share / 100) * steps,
  );
}
