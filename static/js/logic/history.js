import { ENDINGS, ended } from "#logic/states.js";

/**
 * Everything one run has said so far, as the charts want it.
 *
 * `loss[i]` and `error[i]` belong to step `i + 1` (null: not finite; undefined: not measured).
 * `frames`, `evaluations`, `predictions` and an analysis's `results` are the events themselves, in order. `version` grows
 * with every change, so that a view can tell whether it must draw again.
 */
export class RunHistory {
  constructor(id, spec = null) {
    this.id = id;
    this.spec = spec;
    this.started = null;
    this.loss = [];
    this.error = [];
    this.frames = [];
    this.evaluations = [];
    this.predictions = [];
    this.changes = [];
    this.results = [];
    this.ending = null;
    this.lastSeq = -1;
    this.step = 0;
    this.done = 0; // steps done as the server counts them: a frame may cover many
    this.state = "queued";
    this.waits = null; // who is served before it, while it waits
    this.endsIn = null; // seconds until it makes room, while it is paused
    this.reason = null;
    this.version = 0;
  }

  /**
   * Take events of this run; those already known are left out, so a replay does no harm.
   *
   * @param {Json[]} events in the order of their `seq`
   * @returns {boolean} whether anything was new
   */
  add(events) {
    const before = this.lastSeq;
    for (const event of events) {
      if (event.seq <= this.lastSeq) continue;
      this.lastSeq = event.seq;
      this.#take(event);
    }
    if (this.lastSeq === before) return false;
    this.version += 1;
    return true;
  }

  /**
   * Take an unnumbered state message: where the run stands, what lies before it, why.
   *
   * @param {Json} message
   */
  takeState({ state, step = 0, waits = null, ends_in: endsIn = null, reason = null }) {
    const done = Math.max(this.done, step);
    const next = { state, waits, endsIn, reason };
    const known = Object.entries(next).every(([key, value]) => same(value, this[key]));
    if (known && done === this.done) return;
    // What an event said is for good: a message that was sent before it may come after it.
    Object.assign(this, this.ending ? { done } : { ...next, done });
    this.version += 1;
  }

  /** The step at which the loss stopped being finite, or null. */
  get diverged() {
    return this.ending?.diverged ? this.ending.step : null;
  }

  /** Whether the run will say nothing more. */
  get ended() {
    return this.ending !== null || ended(this.state);
  }

  /** How many steps the run is to take. */
  get steps() {
    return this.spec?.steps ?? 0;
  }

  /** The last frame at or before a step, or null. */
  frameAt(step) {
    return lastUpTo(this.frames, step);
  }

  /** The last evaluation at or before a step, or null. */
  evaluationAt(step) {
    return lastUpTo(this.evaluations, step);
  }

  #take(event) {
    switch (event.type) {
      case "started":
        this.started = event;
        this.spec = event.spec;
        break;
      case "frame":
        this.#frame(event);
        break;
      case "evaluated":
        this.evaluations.push(event);
        break;
      case "predicted":
        this.predictions.push(event);
        break;
      case "changed":
        this.changes.push(event);
        break;
      case "result":
        this.results.push(event);
        break;
      default:
        // A type that this page does not know is a newer server's; it is not for us.
        if (!ENDINGS.has(event.type)) return;
        this.ending = event;
        this.state = event.type;
        this.waits = null;
        this.endsIn = null;
        this.reason = event.reason ?? null;
        this.step = Math.max(this.step, event.step);
        this.done = Math.max(this.done, event.step);
    }
  }

  #frame(frame) {
    const first = frame.step - frame.loss.length;
    frame.loss.forEach((loss, i) => {
      this.loss[first + i] = loss;
    });
    frame.error?.forEach((error, i) => {
      this.error[first + i] = error;
    });
    this.frames.push(frame);
    this.step = Math.max(this.step, frame.step);
    this.done = Math.max(this.done, frame.step);
  }
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** The last item whose `step` is at most `step`; items are in the order of their steps. */
export function lastUpTo(items, step) {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (items[middle].step <= step) low = middle + 1;
    else high = middle;
  }
  return low ? items[low - 1] : null;
}
