// A pair that trains (or has trained): what the server knows of it, kept up to date.
import * as api from "#api.js";
import { follow } from "#live.js";
import { RunHistory } from "#logic/history.js";
import { stateOf } from "#logic/pair.js";
import { t } from "#logic/words.js";

/**
 * One twins study on the page. `heard()` is called after everything that changes it.
 *
 * `connection` is "connecting", or what live.js last told of it.
 */
export class Race {
  #live = null;
  #heard;

  constructor(study, heard) {
    this.id = study.id;
    this.spec = study.spec;
    this.mine = study.mine;
    this.connection = "connecting";
    this.histories = study.runs.map((run) => new RunHistory(run.id, run.spec));
    this.#heard = heard;
    study.runs.forEach((run, i) => this.histories[i].stand(run));
  }

  /** Ask the server to train a pair. */
  static async start(spec, { paused = false }, heard) {
    return new Race(await api.createStudy(spec, { paused }), heard).#follow();
  }

  /** Take up a pair that the server already knows. Other kinds of study give null. */
  static async find(id, heard) {
    const study = await api.read("studies", id);
    return study.study === "twins" ? new Race(study, heard).#follow() : null;
  }

  /**
   * Pause, resume, step or stop both. The answer is not used: it may be older than what the
   * socket, the one source of states, has said meanwhile.
   */
  async control(action) {
    await api.control("studies", this.id, action);
  }

  /** Change settings of both from one step on. @returns {Promise<Json>} the study, which says from which */
  async set(values) {
    const study = await api.control("studies", this.id, "set", values);
    this.spec = study.spec;
    return study;
  }

  /** Stop it where it still trains and may be stopped: what is over or deleted needs none. */
  async release() {
    if (!this.mine || stateOf(this.histories) === "ended") return;
    try {
      await this.control("stop");
    } catch (error) {
      if (!(error instanceof api.Problem) || ![404, 409].includes(error.status)) throw error;
    }
  }

  /** Ask whether an ended pair is still there: its socket is closed, and says no more of it. */
  async check() {
    if (this.connection !== "done") return;
    try {
      await api.read("studies", this.id);
    } catch (error) {
      // Anything else will be said by whatever is done next.
      if (!(error instanceof api.Problem)) throw error;
      if (error.status === 404) this.#connected("gone");
    }
  }

  /** Hear no more of it. What was heard stays. */
  close() {
    this.#live?.close();
  }

  #follow() {
    const byId = new Map(this.histories.map((history) => [history.id, history]));
    this.#live = follow("studies", this.id, {}, {
      onEvents: (run, events) => {
        if (byId.get(run)?.add(events)) this.#heard();
        if (events.some(({ type, step }) => type === "changed" && !this.#knows(step))) this.#learn();
      },
      onState: (state) => {
        byId.get(state.run)?.stand(state);
        this.#heard();
      },
      onConnection: (state) => this.#connected(state),
    });
    return this;
  }

  #knows(step) {
    return this.spec.base.changes.some((change) => change.step === step);
  }

  /** It was changed on another page: ask what it is now. */
  async #learn() {
    try {
      this.spec = (await api.read("studies", this.id)).spec;
    } catch (error) {
      if (!(error instanceof api.Problem)) throw error; // the next change asks again
    }
    this.#heard();
  }

  #connected(state) {
    this.connection = state;
    // The server stops what is deleted, and then has nothing left to say so with.
    if (state === "gone") {
      for (const history of this.histories) if (!history.ended) history.stand({ state: "stopped", reason: t("common.deleted") });
    }
    this.#heard();
  }
}
