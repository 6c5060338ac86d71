// What a page knows of runs: whoever follows one, or those of a study, does it here.
import { Problem, control, patience, read } from "#api.js";
import { follow } from "#live.js";
import { isGone } from "#logic/failure.js";
import { Run } from "#logic/run.js";
import { ended } from "#logic/states.js";
import { t } from "#logic/words.js";

export { ASKED_EVERY } from "#live.js";

/** How long until the server is asked again: for what no event tells, or where it did not answer. */
const LOOK_MS = 1500;

/** The runs and studies that a page, or a part of it, follows: `followed`, oldest first. */
export class RunStore {
  #hear;

  /**
   * @param {{changed: () => void, gone?: (one: Followed) => void}} hear `changed` is called after
   *   everything that changes what is known; `gone` once for what does not exist (any more), which
   *   stays among the `followed` until it is closed
   */
  constructor({ changed, gone = () => {} }) {
    this.followed = /** @type {Followed[]} */ ([]);
    this.#hear = {
      changed,
      gone,
      closed: (one) => (this.followed = this.followed.filter((other) => other !== one)),
    };
  }

  /** Follow a run from its first event on. `run`: as the server lists it, or its id; then it is read first. */
  run(run) {
    return this.#follow("runs", run, true);
  }

  /**
   * Follow all runs of a study, as the server lists it, from their first events on; without `frames`
   * from where they stand, and how far they are is asked now and then.
   */
  study(study, { frames = true } = {}) {
    return this.#follow("studies", study, frames);
  }

  /** What is followed by this id, if anything. */
  find(id) {
    return this.followed.find((one) => one.id === id);
  }

  #follow(kind, known, frames) {
    const one = new Followed(kind, known, frames, this.#hear);
    this.followed = [...this.followed, one];
    return one;
  }
}

/**
 * A run or study that is followed: `entry`, as the server listed it when it was last read (null before
 * that), and its `runs`, kept up to date; a run by itself is the only one.
 */
class Followed {
  #kind;
  #frames;
  #hear;
  #live = null;
  #timer = 0;
  #closed = false; // nothing more is heard of it
  #told = "connecting"; // by the connection
  #unanswered = false; // the last question
  #complete = false; // read after its end: what is answered later was asked before

  constructor(kind, known, frames, hear) {
    this.#kind = kind;
    this.#frames = frames;
    this.#hear = hear;
    this.id = known.id ?? known;
    this.entry = /** @type {Json} */ (null);
    this.runs = /** @type {Run[]} */ ([]);
    if (known.id) this.#begin(known);
    else this.#find();
  }

  /** "connecting", "unreachable" where a question got no answer, else what live.js last told. */
  get connection() {
    return this.#unanswered ? "unreachable" : this.#told;
  }

  get spec() {
    return this.entry.spec;
  }

  /** Whether this browser started it. */
  get mine() {
    return this.entry.mine;
  }

  get histories() {
    return this.runs.map(({ history }) => history);
  }

  get summaries() {
    return this.runs.map(({ summary }) => summary);
  }

  /** Whether all runs have ended. */
  get over() {
    return this.runs.length > 0 && this.runs.every(({ summary }) => ended(summary.state));
  }

  /**
   * Pause, resume, step or stop. The answer is not used: it may be older than what the connection, the
   * one source of states, has said meanwhile.
   */
  async control(action) {
    await control(this.#kind, this.id, action);
  }

  /** Change settings from one step on. @returns {Promise<Json>} the study, which says from which */
  async set(values) {
    const entry = await control(this.#kind, this.id, "set", values);
    this.#amend(entry.spec);
    return entry;
  }

  /** Stop it where it still trains and may be stopped: what is over or deleted needs none. */
  async release() {
    if (!this.mine || this.over) return;
    try {
      await this.control("stop");
    } catch (error) {
      if (!(error instanceof Problem) || ![404, 409].includes(error.status)) throw error;
    }
  }

  /** Ask whether what has ended is still there: its connection is closed, and says no more of it. */
  async check() {
    if (this.#told === "done") await this.#read();
  }

  /** Hear no more of it. What was heard stays. */
  close() {
    this.#stop();
    this.#hear.closed(this);
  }

  #stop() {
    this.#closed = true;
    this.#live?.close();
    window.clearTimeout(this.#timer);
  }

  #begin(entry) {
    this.entry = entry;
    this.runs = (entry.runs ?? [entry]).map((summary) => new Run(summary));
    if (!this.#frames && ended(entry.state)) {
      this.#told = "done";
      return;
    }
    const after = this.#frames ? {} : Object.fromEntries(this.summaries.map(({ id, last_seq }) => [id, last_seq]));
    this.#live = follow(this.#kind, this.id, { after, frames: this.#frames }, {
      onEvents: (id, events) => this.#add(id, events),
      onState: (message) => {
        this.#run(message.run)?.takeState(message);
        this.#hear.changed();
      },
      onConnection: (told) => this.#connected(told),
    });
    if (!this.#frames) this.#look();
  }

  #run(id) {
    return this.runs.find((run) => run.id === id);
  }

  #add(id, events) {
    this.#run(id)?.add(events);
    if (events.some(({ type, step }) => type === "changed" && !this.#knows(step))) this.#learn();
    this.#hear.changed();
  }

  #connected(told) {
    if (told === "gone") {
      this.#lose();
      return;
    }
    this.#told = told;
    if (told === "done" && !this.#frames) this.#finish();
    this.#hear.changed();
  }

  /** Whether the spec has a change at this step; what a run by itself was changed to, its history says. */
  #knows(step) {
    return this.#kind === "runs" || changesOf(this.spec).some((change) => change.step === step);
  }

  /** It was changed on another page: ask what it is now. Without an answer the next change asks again. */
  async #learn() {
    const found = await this.#read();
    if (!this.#closed && !(found instanceof Problem)) this.#amend(found.spec);
  }

  /** Take a spec as it was answered, unless a later one came first: no change is ever taken back. */
  #amend(spec) {
    if (changesOf(spec).length >= changesOf(this.spec).length) this.entry = { ...this.entry, spec };
    this.#hear.changed();
  }

  /** Read what is known by its id alone. */
  async #find() {
    const found = await this.#ask();
    if (this.#closed) return;
    if (found === null) {
      this.#later(() => this.#find());
      return;
    }
    this.#begin(found);
    this.#hear.changed();
  }

  /** Ask now and then how many steps the runs have done, which no event but frames tells. */
  #look() {
    this.#later(async () => {
      const found = document.hidden ? null : await this.#ask();
      if (this.#closed || this.over) return;
      if (found !== null) {
        for (const { id, step } of found.runs) {
          const run = this.#run(id);
          run.summary = { ...run.summary, step: Math.max(run.summary.step, step) };
        }
        this.#hear.changed();
      }
      this.#look();
    });
  }

  /** What the events don't tell (times, counts) is read once at the end. */
  async #finish() {
    const found = await this.#ask();
    if (this.#closed || this.#complete) return;
    if (found === null) {
      this.#later(() => this.#finish());
      return;
    }
    this.#complete = true;
    this.entry = found;
    for (const summary of found.runs) this.#run(summary.id).summary = summary;
    this.#hear.changed();
  }

  #later(what) {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(what, LOOK_MS);
  }

  /** As the server has it now; null where it does not answer, which is shown, or where that is of no use. */
  async #ask() {
    const found = await this.#read();
    if (this.#closed || this.#complete) return null;
    this.#unanswered = found instanceof Problem;
    if (this.#unanswered) this.#hear.changed();
    return this.#unanswered ? null : found;
  }

  /** As the server has it now, or the Problem with that. */
  async #read() {
    const found = await read(this.#kind, this.id, patience()).catch((problem) => {
      if (!(problem instanceof Problem)) throw problem;
      return problem;
    });
    if (!this.#closed && isGone(found)) this.#lose();
    return found;
  }

  /** The server stops what is deleted, and then has nothing left to say so with. */
  #lose() {
    this.#stop();
    this.#told = "gone";
    this.#unanswered = false;
    for (const run of this.runs) {
      if (!ended(run.summary.state)) run.takeState({ state: "stopped", reason: t("common.deleted") });
    }
    this.#hear.changed();
    this.#hear.gone(this);
  }
}

/** What was changed, by step, in the spec of a run or study. */
const changesOf = (spec) => (spec.base ?? spec).changes;
