// The page's one conclusion, from what was measured up to the last step both networks reached.
import { keptOf } from "#logic/data.js";
import { acrossDepth } from "#logic/flow.js";
import { reach, sameBatches, sameStart } from "#logic/pair.js";

const RECENT = 20;
/** Smaller differences of error than this are not called one, however well measured. */
const LEAST = 0.01;

/**
 * @typedef {object} Finding a sentence: the key of its words under "lab.take", and what fills them
 * @property {string} key
 * @property {Record<string, string | number | null>} values errors are raw numbers
 */

/**
 * What the two networks show, the first sentence being the largest on the page. Before training that is a
 * question, since nothing that both only guess is worth such words.
 *
 * @param {{skip: string, history: Json}[]} sides in the page's order; the history of each is
 *   that of a run, or of step 0
 * @param {Json} data the data set's facts, as of logic/data.js
 * @param {{summary: string, question: string} | null} preset the one that these settings are
 * @returns {Finding[]}
 */
export function takeaway(sides, data, preset = null) {
  if (sides.length !== 2) return [{ key: "measuring", values: {} }];
  const step = reach(sides.map(({ history }) => history));
  const there = sides.filter(({ history }) => history.step >= step);
  const measure = data.task === "regression" ? "loss" : "error";
  const whole = there.every(({ history }) => evaluatedAt(history, step, measure));
  const seen = sides.map((side) => look(side, step, { whole, measure }));
  const findings = step === 0 ? before(seen, preset) : after(seen, step, data);
  return [...findings, ...flow(seen)];
}

/** What is known of one side at a step; `whole`: both have been evaluated there. */
function look({ skip, history }, step, { whole, measure }) {
  const { spec } = history;
  const frame = history.frameAt(step);
  const steps = Math.min(step, history.step);
  return {
    skip,
    spec,
    history,
    steps,
    depth: spec.net.depth,
    measure,
    error: errorAt(history, steps, { whole, measure }),
    across: acrossDepth(history.started, frame),
    diverged: history.diverged !== null && history.diverged <= step ? history.diverged : null,
    failed: history.state === "failed" && history.ended,
  };
}

/** What an evaluation of the training set at exactly this step found, or null. */
function evaluatedAt(history, step, measure) {
  const evaluation = history.evaluationAt(step);
  const value = evaluation?.step === step ? evaluation[`train_${measure}`] : null;
  return Number.isFinite(value) ? { value, examples: evaluation.count, batches: 0 } : null;
}

/**
 * The error (or loss) a network may be said to have at a step: over the training set where it was
 * evaluated there, else the mean of its last batches. Two networks are compared in the same manner, so
 * `whole` is false where only one of them has been evaluated.
 */
export function errorAt(history, step, { whole = true, measure = "error" } = {}) {
  const evaluation = whole ? evaluatedAt(history, step, measure) : null;
  if (evaluation) return evaluation;
  const from = Math.max(0, step - RECENT);
  const errors = history[measure].slice(from, step).filter(Number.isFinite);
  if (!errors.length) return null;
  return {
    value: errors.reduce((sum, error) => sum + error, 0) / errors.length,
    examples: errors.length * (history.spec.batch_size ?? 1),
    batches: errors.length,
  };
}

function before(seen, preset) {
  if (!seen.every(({ history }) => history.frames.length)) return [{ key: "unmeasured", values: {} }];
  const [{ depth }] = seen;
  if (!preset) return [{ key: "before_any", values: { depth } }];
  const { summary, question } = preset;
  return [{ key: "before", values: { depth, question } }, { key: "preset", values: { summary } }];
}

function after(seen, step, data) {
  const [one, other] = seen;
  const steps = one.history.steps;
  const base = { ...names(one, other), step, steps, noun: data.noun, kept: keptOf(one.spec, data) };
  const lost = seen.filter(({ diverged, failed }) => diverged !== null || failed);
  if (lost.length) return [...lost.map(ending), ...rest(seen, base, data)];
  if (!one.error || !other.error) return [{ key: "no_error", values: base }];
  const values = { ...base, ...compared(one.error, other.error) };
  // How large a difference of losses must be to count, nothing measured tells.
  const verdict = one.measure === "loss" ? "loss" : verdictOf(one, other);
  const findings = [{ key: `${verdict}${values.batches ? "_recent" : ""}`, values }];
  return [...findings, ...atChance(seen, data), ...fair(one, other)];
}

function names(one, other) {
  return {
    measure: one.measure,
    depth: one.depth,
    one: one.skip,
    other: other.skip,
  };
}

function compared(one, other) {
  const batches = Math.max(one.batches, other.batches);
  return { a: one.value, b: other.value, batches, examples: one.examples };
}

/** Which is better, if either: a difference must be larger than chance alone would make it. */
export function verdictOf(one, other) {
  const spread = ({ value, examples }) => (value * (1 - value)) / Math.max(1, examples);
  const noise = 2 * Math.sqrt(spread(one.error) + spread(other.error));
  const difference = one.error.value - other.error.value;
  if (Math.abs(difference) < Math.max(LEAST, noise)) return "same";
  return difference > 0 ? "better" : "worse";
}

function ending(side) {
  const values = { skip: side.skip };
  if (side.diverged !== null) return { key: "diverged", values: { ...values, ending: side.history.ending } };
  return { key: "failed", values: { ...values, step: side.history.step, reason: side.history.reason ?? "" } };
}

/** What the other network did, where one of the two was lost. */
function rest(seen, base, data) {
  const going = seen.filter(({ diverged, failed }) => diverged === null && !failed);
  if (going.length !== 1) return [];
  const [{ error, skip, steps }] = going;
  if (!error || !steps) return [];
  const values = { ...base, step: steps, skip, a: error.value, batches: error.batches, examples: error.examples };
  const key = `alone${base.measure === "loss" ? "_loss" : ""}${error.batches ? "_recent" : ""}`;
  return [{ key, values }, ...atChance(going, data)];
}

function atChance(seen, { chance }) {
  const lost = seen.filter(({ error }) => {
    if (!error || !Number.isFinite(chance)) return false;
    const noise = 2 * Math.sqrt((chance * (1 - chance)) / Math.max(1, error.examples));
    return error.value > chance - noise;
  });
  if (!lost.length) return [];
  if (lost.length === 2) return [{ key: "chance_both", values: {} }];
  return [{ key: "chance", values: { skip: lost[0].skip } }];
}

function fair(one, other) {
  if (!sameBatches(one.spec, other.spec)) return [];
  const start = sameStart(one.history, other.history);
  if (!start?.alike) return [{ key: "same_batches", values: {} }];
  const key = start.scales ? "same_start_scales" : start.alike < start.of ? "same_start_some" : start.more ? "same_start_more" : "same_start";
  return [{ key, values: start }];
}

function flow(seen) {
  const sides = seen.filter(({ across, diverged }) => across && diverged === null);
  if (!sides.length) return [];
  return [{ key: "flow", values: { sides: sides.map(({ skip, across }) => ({ skip, across })) } }];
}
