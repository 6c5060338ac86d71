// A run as a page knows it: as the server lists it, and what it said.
import { RunHistory } from "#logic/history.js";
import { MEASURES } from "#logic/points.js";
import { ENDINGS, ended } from "#logic/states.js";

const KEPT = [...MEASURES, "count", "test_count"]; // of an evaluation

/** One run: its `summary`, as the server lists it, and its `history`; both are kept up to date. */
export class Run {
  constructor(summary) {
    this.id = summary.id;
    this.summary = summary;
    this.history = new RunHistory(summary.id, summary.spec);
    this.history.takeState(summary);
  }

  /** Take events of this run, in the order of their `seq`; those already known change nothing. */
  add(events) {
    this.summary = events.reduce(afterEvent, this.summary);
    this.history.add(events);
  }

  /** Take an unnumbered message of where it stands. */
  takeState(message) {
    this.summary = afterState(this.summary, { ...message, at: new Date().toISOString() });
    this.history.takeState(message);
  }
}

/** A summary after one more event. The same event twice changes nothing. */
export function afterEvent(run, event) {
  if (event.seq <= run.last_seq) return run;
  const next = { ...run, last_seq: event.seq };
  if (event.step !== undefined) next.step = Math.max(run.step, event.step);
  if (event.type === "evaluated") {
    const seen = Object.fromEntries(KEPT.filter((key) => key in event).map((key) => [key, event[key]]));
    next.result = { ...run.result, ...seen, step: event.step, evaluated: event.step };
  } else if (event.type === "started") {
    next.result = { ...run.result, params: event.params };
  } else if (ENDINGS.has(event.type)) {
    next.state = event.type;
    next.waits = null;
    next.ends_in = null;
    next.reason = event.reason ?? null;
    next.result = { ...run.result, step: event.step, diverged: event.diverged === true, became: event.became };
  }
  return next;
}

/**
 * A summary after an unnumbered message about its run's state, which came at `at` (ISO 8601).
 *
 * @param {Json} run
 * @param {Json} message
 */
export function afterState(run, { state, step, waits, ends_in, reason, at }) {
  if (ended(run.state) && !ended(state)) return run;
  return {
    ...run,
    state,
    step: Math.max(run.step, step ?? 0),
    started: run.started ?? (state === "running" ? (at ?? null) : null),
    waits: waits ?? null,
    ends_in: ends_in ?? null,
    reason: reason ?? run.reason ?? null,
  };
}
