// A sweep that trains (or has trained): what the server knows of it, kept up to date.
import { Problem, control, read } from "#api.js";
import { follow } from "#live.js";
import { progress } from "#logic/points.js";
import { afterEvent, afterState } from "#logic/run.js";
import { ended } from "#logic/states.js";
import { fromStudy } from "#logic/sweep.js";

const LOOK_MS = 1500; // how often it is asked how far the runs are: a sweep says nothing between its ends

/**
 * One depth or sweep study on the page: `study` and `runs` as known so far, and its `plan`.
 *
 * `heard()` is called after everything that the server tells of it unasked, `gone()` once if it is
 * deleted.
 */
export class Sweep {
  #socket = null;
  #look = 0;
  #closed = false;
  #said = ""; // of the socket
  #unanswered = false; // the last question
  #read = false; // all of it, after its end: what is answered later was asked before
  #heard;
  #gone;

  constructor(study, { heard, gone }) {
    this.study = study;
    this.runs = study.runs;
    this.plan = fromStudy(study.spec);
    this.#heard = heard;
    this.#gone = gone;
    if (ended(study.state)) return;
    this.#listen();
    this.#lookSoon();
  }

  /** "unreachable" where the server does not answer, else what live.js last told. */
  get connection() {
    return this.#unanswered ? "unreachable" : this.#said;
  }

  /** Stop all its runs. */
  async stop() {
    const study = await control("studies", this.study.id, "stop");
    if (!this.#read) this.study = study;
  }

  /** Hear no more of it. What was heard stays. */
  close() {
    this.#closed = true;
    this.#socket?.close();
    window.clearTimeout(this.#look);
  }

  #listen() {
    const after = Object.fromEntries(this.runs.map((run) => [run.id, run.last_seq]));
    this.#socket = follow("studies", this.study.id, { after, frames: false }, {
      onEvents: (id, events) => {
        this.runs = this.runs.map((one) => (one.id === id ? events.reduce(afterEvent, one) : one));
        this.#heard();
      },
      onState: (/** @type {Json} */ said) => {
        /** @type {Json} */
        const message = { ...said, at: new Date().toISOString() };
        this.runs = this.runs.map((one) => (one.id === message.run ? afterState(one, message) : one));
        this.#heard();
      },
      onConnection: (connection) => {
        this.#said = connection;
        if (connection === "gone") return this.#lose();
        if (connection === "done") this.#finish();
        this.#heard();
      },
    });
  }

  /** Ask now and then how many steps the runs have done. */
  #lookSoon() {
    this.#look = window.setTimeout(async () => {
      const study = document.hidden ? null : await this.#news();
      if (this.#closed || progress(this.runs).over) return;
      if (study) {
        const steps = new Map(study.runs.map((run) => [run.id, run.step]));
        this.runs = this.runs.map((one) => ({ ...one, step: Math.max(one.step, steps.get(one.id) ?? 0) }));
        this.#heard();
      }
      this.#lookSoon();
    }, LOOK_MS);
  }

  /** The study as the server has it; null where it does not answer, which is shown, or has none any more. */
  async #news() {
    const study = await read("studies", this.study.id).catch((problem) => {
      if (!(problem instanceof Problem)) throw problem;
      return problem;
    });
    if (this.#closed || this.#read) return null;
    const failed = study instanceof Problem;
    if (failed && study.status === 404) {
      this.#lose();
      return null;
    }
    this.#unanswered = failed;
    if (failed) this.#heard();
    return failed ? null : study;
  }

  /** What the events don't tell (times, counts) is read once at the end. */
  async #finish() {
    const study = await this.#news();
    if (this.#closed || this.#read) return;
    if (study === null) {
      this.#look = window.setTimeout(() => this.#finish(), LOOK_MS);
      return;
    }
    this.#read = true;
    this.study = study;
    this.runs = study.runs;
    this.#heard();
  }

  #lose() {
    this.close();
    this.#gone();
  }
}
