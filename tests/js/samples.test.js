// What both networks answer to samples: when it is shown, what is right, and what is not known.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RunHistory } from "#logic/history.js";
import { Cut } from "#logic/pair.js";
import { lack, samples } from "#logic/samples.js";
import "#support/words.js";

const PICTURES = {
  examples: [7, 3], truth: [0, 1], classes: ["cat", "dog"], images: ["data:,a", "data:,b"], points: null,
};

const asked = (step, predicted, share = 0.75) =>
  ({ type: "predicted", step, examples: [7, 3], truth: [0, 1], predicted, probability: [share, share] });

const history = (predictions = [], more = {}) =>
  ({ predictions, diverged: null, state: "running", step: 0, spec: { evaluate: { samples: null } }, ended: false, ...more });

const sides = (plain, residual) => [
  { skip: "none", name: "plain", history: plain },
  { skip: "identity", name: "residual", history: residual },
];

const kindsOf = ({ cards }) => new Set(cards.flatMap(({ answers }) => answers.map(({ kind }) => kind)));
const near = (found, expected) => assert.ok(Math.abs(found - expected) < 1e-12, `${found} is not ${expected}`);

test("both are shown at the last step at which both were asked", () => {
  const ahead = history([asked(0, [0, 0]), asked(10, [1, 1]), asked(20, [0, 1])]);
  const behind = history([asked(0, [1, 1]), asked(10, [0, 1])]);
  const shown = samples(sides(behind, ahead), PICTURES);
  assert.equal(shown.step, 10);
  const kinds = shown.cards.map(({ answers }) => answers.map(({ kind }) => kind));
  assert.deepEqual(kinds, [["right", "wrong"], ["right", "right"]]);
  assert.deepEqual(shown.scores.map(({ right, of }) => [right, of]), [[2, 2], [1, 2]]);
});

test("classes go by their names", () => {
  const shown = samples(sides(history([asked(5, [1, 1])]), history([asked(5, [0, 0])])), PICTURES);
  assert.deepEqual(shown.cards.map(({ truth }) => truth), ["cat", "dog"]);
  const [first] = shown.cards;
  assert.equal(first.image, "data:,a");
  assert.deepEqual(first.answers.map(({ guess }) => guess), ["dog", "cat"]);
  assert.deepEqual(first.answers.map(({ share }) => share), [0.75, 0.75]);
});

test("before anything was asked there are pictures and no answers", () => {
  const shown = samples(sides(history(), history()), PICTURES);
  assert.deepEqual([shown.step, shown.scores], [null, []]);
  assert.deepEqual(kindsOf(shown), new Set(["unasked"]));
});

test("where only one was asked, neither is shown", () => {
  const shown = samples(sides(history([asked(0, [0, 1])]), history()), PICTURES);
  assert.equal(shown.step, null);
  assert.deepEqual(kindsOf(shown), new Set(["unasked"]));
});

test("answers are shown without pictures", () => {
  const shown = samples(sides(history([asked(5, [1, 1])]), history([asked(5, [0, 1])])), null);
  assert.deepEqual(shown.cards.map(({ truth }) => truth), ["0", "1"]);
  assert.deepEqual(shown.cards.map(({ image }) => image), [null, null]);
  assert.equal(shown.scores[1].right, 2);
});

test("pictures of other examples are not shown", () => {
  const pair = sides(history([asked(5, [1, 1])]), history([asked(5, [0, 1])]));
  for (const other of [{ examples: [7, 4] }, { truth: [1, 1] }, { examples: [7] }]) {
    const shown = samples(pair, { ...PICTURES, ...other });
    assert.ok(shown.changed);
    assert.deepEqual(shown.cards.map(({ image }) => image), [null, null]);
  }
  assert.ok(!samples(pair, PICTURES).changed);
});

test("one that diverged answers nothing, and holds the other not back", () => {
  const lost = history([asked(0, [0, 1])], { diverged: 3 });
  const shown = samples(sides(history([asked(0, [1, 0]), asked(10, [0, 1])]), lost), PICTURES);
  assert.equal(shown.step, 10);
  assert.deepEqual(shown.cards[0].answers.map(({ kind }) => kind), ["right", "none"]);
  assert.deepEqual(shown.scores.map(({ right, diverged }) => [right, diverged]), [[2, null], [null, 3]]);
});

test("an answer that is not finite is neither right nor wrong", () => {
  const shown = samples(sides(history([asked(5, [null, 1])]), history([asked(5, [0, 1])])), PICTURES);
  assert.equal(shown.cards[0].answers[0].kind, "none");
  assert.deepEqual(shown.scores.map(({ right, of }) => [right, of]), [[1, 2], [2, 2]]);
});

test("a regression is off by the root of the mean square", () => {
  const points = [[1.0, -0.5, 2.0], [0.0, 0.25, -1.0]];
  const told = { step: 5, examples: [0, 1], outputs: [[0.5, -0.5, 1.0], [0.0, 0.0, 0.0]] };
  const lost = { step: 5, examples: [0, 1], outputs: [[0.5, null, 1.0], [0.0, 0.0, 0.0]] };
  const pictures = { examples: [0, 1], truth: null, classes: null, images: null, points };
  const shown = samples(sides(history([told]), history([lost])), pictures);
  // Squares of the differences: 0.25, 0, 1 and 0, 0.0625, 1.
  near(shown.cards[0].answers[0].off, Math.sqrt(1.25 / 3));
  near(shown.cards[1].answers[0].off, Math.sqrt(1.0625 / 3));
  near(shown.scores[0].off, Math.sqrt(2.3125 / 6));
  assert.deepEqual([shown.scores[0].right, shown.scores[1].off], [null, null]);
  assert.equal(shown.cards[0].answers[1].kind, "none");
});

test("why there are no answers is known", () => {
  const off = { spec: { evaluate: { samples: 0 } } };
  const one = [asked(0, [0, 1])];
  const cases = [
    [true, history([], off), history([], off), "off"],
    [false, history(), history(), "before"],
    [true, history([], { state: "queued" }), history(), "before"],
    [true, history([], { step: 30 }), history([], { step: 30 }), "unrecorded"],
    [true, history([], { ended: true, spec: {} }), history([], { spec: {} }), "unrecorded"],
    [true, history(one), history(one), ""],
  ];
  for (const [trains, plain, residual, why] of cases) assert.equal(lack([plain, residual], trains), why);
});

test("histories keep the answers, and a cut those until then", () => {
  const run = new RunHistory("r", null);
  const frame = (step) => ({ type: "frame", step, loss: [1], error: [1] });
  const told = (step) => ({ type: "predicted", step });
  const all = [told(0), frame(1), told(1), frame(2), frame(3), told(3)];
  run.add(all.map((event, seq) => ({ ...event, seq })));
  const cut = new Cut(run);
  assert.deepEqual([2, 3, 0].map((step) => cut.at(step).predictions.map((one) => one.step)), [[0, 1], [0, 1, 3], [0]]);
});
