// The one conclusion: every sentence follows from what was measured, and nothing else is said.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RunHistory } from "#logic/history.js";
import { Cut, preview, reach, sidesOf } from "#logic/pair.js";
import { sentences } from "#logic/takeawaywords.js";
import { takeaway } from "#logic/takeaway.js";
import { usual } from "#support/measures.js";
import { python } from "#support/python.js";
import { plain } from "#support/words.js";

const BASE = await python.spec({ net: { family: "mlp", depth: 8 }, steps: 200 });
// As many as the flows below have numbers: only the blocks are spoken of.
const POINTS = [1, 2].map((i) => ({ name: `block${i}`, kind: "block", shape: [8] }));
const MEASURES = usual(POINTS.map(({ name }) => name));
const layersOf = ({ width }) => POINTS.map(({ name }) => ({ name: `${name}.layer1`, shape: [width, width] }));
const DIGITS = { noun: "digits", chance: 0.9, task: "classification", train_size: 1437 };

const spec = (net) => ({ ...BASE, net: { ...BASE.net, ...net } });
const times = (count, value) => Array(count).fill(value);

/** One frame a step, each with the same flow. */
const frames = (errors, flow) =>
  errors.map((error, i) => ({
    type: "frame", seq: i, step: i + 1, loss: [1.0], error: [error],
    measures: { flow, weight_grad: flow, update_ratio: flow }, lr: 0.1, time: 0.1 * i,
  }));

/** Frames of a task that has no error. */
const losses = (values) =>
  frames(values, [1, 1]).map(({ error: _, ...frame }, i) => ({ ...frame, loss: [values[i]] }));

const evaluated = (seq, step, error) => ({
  type: "evaluated", seq, step, train_error: error, train_loss: 1.0, test_error: error, test_loss: 1.0,
  count: 1437, test_count: 360,
});

/** A run of so many steps with these errors, and what it says then. */
function run(errors, { skip = "identity", flow = [1, 1], then = [], ...net } = {}) {
  const own = spec({ skip, ...net });
  // Before the first frame, which is number 0.
  const started = { type: "started", seq: -0.5, spec: own, points: POINTS, layers: layersOf(own.net), other_layers: [], measures: MEASURES };
  return { spec: own, events: [started, ...frames(errors, flow), ...then] };
}

/** What is said of two runs of such data. */
function say(runs, data = {}) {
  const histories = runs.map(({ spec: own, events }, i) => {
    const history = new RunHistory(`r${i}`, own);
    history.add(events);
    return history;
  });
  const step = reach(histories);
  const [base, twin] = histories.map((history) => ({ spec: history.spec, history: new Cut(history).at(step) }));
  return plain(sentences(takeaway(sidesOf(base, twin), { ...DIGITS, ...data })).join(" "));
}

const has = (text, part) => assert.ok(text.includes(part), `${text}\nlacks: ${part}`);
const lacks = (text, part) => assert.ok(!text.includes(part), `${text}\nhas: ${part}`);
const begins = (text, part) => assert.equal(text.slice(0, part.length), part);

test("between evaluations it speaks of the last batches, and says so", () => {
  // Only the last twenty count: the first thirty would pull the mean up.
  const before = run([...times(30, 0.9), ...times(20, 0.5)], { skip: "none", flow: [3e-6, 1] });
  const residual = run([...times(30, 0.9), ...times(20, 0.02)], { flow: [2, 1] });
  assert.equal(
    say([residual, before]),
    "After 50 of 200 steps the 8-layer plain network gets 50 % of the digits in the last " +
      "20 batches wrong, its residual twin 2 %. Same starting weights, same batches. " +
      "Gradient: plain 330,000 times smaller at the first block than at the last (it vanishes: " +
      "less than a thousandth is left), residual 2 times larger.",
  );
});

test("early it says how few batches it knows", () => {
  has(say([run([0.0]), run([0.5], { skip: "none" })]), "in the last batch wrong");
});

test("where both were evaluated, it speaks of the training set", () => {
  const one = run(times(50, 0.1), { skip: "none", then: [evaluated(50, 50, 0.76)] });
  const other = run(times(50, 0.1), { then: [evaluated(50, 50, 0.02)] });
  begins(
    say([other, one]),
    "After 50 of 200 steps the 8-layer plain network gets 76 % of the training digits wrong, its residual twin 2 %.",
  );
});

test("where not all were evaluated, it says how many", () => {
  const one = run(times(50, 0.1), { skip: "none", then: [evaluated(50, 50, 0.76)] });
  const other = run(times(50, 0.1), { then: [evaluated(50, 50, 0.02)] });
  const data = { noun: "images", train_size: 60_000 };
  has(say([other, one], data), "gets 76 % of 1,437 training images wrong, its residual twin 2 %.");
  for (const { events } of [one, other]) events[0].spec.data = { name: "mnist", limit: 1437 };
  has(say([other, one], data), "gets 76 % of the training images wrong");
});

test("an evaluation of one is not held against batches of the other", () => {
  const one = run(times(50, 0.5), { skip: "none", then: [evaluated(50, 50, 0.3)] });
  const said = say([run(times(50, 0.02)), one]);
  has(said, "50 % of the digits in the last 20 batches wrong");
  lacks(said, "30 %");
});

test("it goes no further than the slower of the two", () => {
  const ahead = run([...times(20, 0.5), ...times(60, 0.0)]);
  const behind = run(times(20, 0.5), { skip: "none" });
  begins(say([ahead, behind]), "After 20 of 200 steps there is no clear difference");
});

test("a difference must be larger than chance would make it", () => {
  const cases = [
    [0.3, 0.29, "no clear difference"], // within what the count of examples resolves
    [0.004, 0.001, "no clear difference"], // resolved, but too small to matter
    [0.1, 0.05, "its residual twin 5 %"],
    [0.05, 0.1, "the residual network is worse"],
    [0.0, 0.0, "no clear difference"],
  ];
  for (const [without, withSkip, verdict] of cases) {
    const one = run(times(4, 0.5), { skip: "none", then: [evaluated(4, 4, without)] });
    const other = run(times(4, 0.5), { then: [evaluated(4, 4, withSkip)] });
    has(say([other, one]), verdict);
  }
});

const lostAt = (step, became) => ({ type: "finished", seq: 9, step, diverged: true, became });

test("a lost loss is called what it was, with its step", async () => {
  const words = { nan: "became NaN", infinite: "became infinite" };
  const before = "was no longer finite"; // of before the two were told apart
  for (const became of ["nan", "infinite", null]) {
    const lost = run([0.9, 0.9, null], { flow: [null, null], then: [lostAt(3, became)] });
    const other = run(times(200, 0.9), { skip: "none", then: [evaluated(200, 200, 0.5)] });
    assert.equal(
      say([lost, other]),
      `The residual network's loss ${words[became] ?? before} at step 3: training diverged. ` +
        "After 200 of 200 steps the plain network gets 50 % of the training digits wrong. " +
        "Gradient: plain about as large at the first block as at the last.",
    );
  }
});

test("both may diverge, each in its way", () => {
  const one = run(times(3, 0.9), { then: [lostAt(3, "nan")] });
  const other = run(times(5, 0.9), { skip: "none", then: [lostAt(5, "infinite")] });
  assert.equal(
    say([one, other]),
    "The plain network's loss became infinite at step 5: training diverged. " +
      "The residual network's loss became NaN at step 3: training diverged.",
  );
});

test("a failed run is told with its reason", () => {
  const failed = run(times(4, 0.9), { then: [{ type: "failed", seq: 4, step: 4, reason: "no memory" }] });
  const said = say([failed, run(times(30, 0.5), { skip: "none" })]);
  begins(said, "The residual network stopped after step 4: no memory ");
  has(said, "After 30 of 200 steps the plain network gets 50 %");
});

test("chance is named", () => {
  const stuck = run(times(20, 0.9), { skip: "none" });
  has(say([run(times(20, 0.1)), stuck]), "The plain one is still no better than guessing.");
  has(say([run(times(20, 0.9)), stuck]), "Both are still no better than guessing.");
  lacks(say([run(times(20, 0.1)), run(times(20, 0.5), { skip: "none" })]), "guessing");
});

test("a gradient of exactly zero, or not finite, is called so", () => {
  const said = say([run(times(9, 0.1), { flow: [null, 1] }), run(times(9, 0.5), { skip: "none", flow: [0, 1] })]);
  has(said, "plain exactly 0 at the first block (it vanishes: less than a thousandth is left), residual not finite.");
  const none = say([run(times(9, 0.1), { flow: [5e4, 1] }), run(times(9, 0.5), { skip: "none", flow: [1, 0] })]);
  has(
    none,
    "plain 0 at the last block, so there is nothing to compare with, residual 50,000 times larger at " +
      "the first block than at the last (it explodes: grows more than a thousandfold).",
  );
});

test("two skips are called by their names", () => {
  begins(
    say([run(times(20, 0.1), { skip: "projection" }), run(times(20, 0.5))]),
    "After 20 of 200 steps the residual network is worse: it gets 50 % of the digits in the " +
      "last 20 batches wrong, its 8-layer projection twin 10 %.",
  );
});

test("other weights are not called the same", () => {
  const said = say([run(times(9, 0.1)), run(times(9, 0.5), { skip: "none", width: 16 })]);
  has(said, "Same batches.");
  lacks(said, "weights");
});

test("two stopped runs are held at the last step of both", () => {
  const one = run(times(40, 0.5), { then: [{ type: "stopped", seq: 40, step: 40 }] });
  const other = run(times(31, 0.5), { skip: "none", then: [{ type: "stopped", seq: 31, step: 31 }] });
  begins(say([one, other]), "After 31 of 200 steps");
});

test("before training it asks, since both only guess", () => {
  const measured = { loss: 2.3, error: 0.9, measures: { flow: [1, 2], weight_grad: [1, 1] } };
  const told = (about, preset) => {
    const [base, twin] = ["identity", "none"]
      .map((skip) => ({ spec: spec({ skip }), points: POINTS, measures: MEASURES, measured: about }))
      .map((said) => ({ spec: said.spec, history: preview(said) }));
    return plain(sentences(takeaway(sidesOf(base, twin), { noun: "digits", chance: 0.9 }, preset)).join(" "));
  };
  assert.equal(
    told(measured, null),
    "Before training, both 8-layer networks can only guess. Which will learn faster? Gradient: plain 2 times smaller at " +
      "the first block than at the last, residual 2 times smaller.",
  );
  has(told(null, null), "too large to measure beforehand");
  begins(
    told(measured, { summary: "Two blocks.", question: "Will they learn?" }),
    "Before training, both 8-layer networks can only guess. Will they learn? Two blocks. The twins differ only in the skip. Gradient:",
  );
});

test("a task without errors is told by its loss", () => {
  const one = run([], { skip: "none", then: losses([...times(10, 3), ...times(20, 0.5)]) });
  const other = run([], { then: losses([...times(10, 3), ...times(20, 0.002)]) });
  assert.equal(
    say([other, one], { task: "regression", chance: null }),
    "After 30 of 200 steps the 8-layer plain network has a loss of 0.5 over the last " +
      "20 batches, its residual twin 0.002. Same starting weights, same batches. " +
      "Gradient: plain about as large at the first block as at the last, residual about as large at both.",
  );
});
