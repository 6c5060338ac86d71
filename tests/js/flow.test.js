// Gradients beside the last block's: numbers, their limits, and the words for them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { acrossDepth, acrossWords, howOf, movedBy, valueWords, valuesOf } from "#logic/flow.js";
import { usual } from "#support/measures.js";
import "#support/words.js";

const POINTS = ["stem", "block1", "block2", "head"].map((name) => ({ name, kind: name.replace(/\d/, "") }));
const LAYERS = ["stem", ...[1, 2].flatMap((i) => [1, 2].map((j) => `block${i}.layer${j}`)), "head"];
const STARTED = { points: POINTS, measures: usual(POINTS.map(({ name }) => name), LAYERS) };
const HISTORY = { started: STARTED };

/** What a view shows of a frame, beside the last block's. */
const seen = (measured, quantity = "flow") =>
  valuesOf(HISTORY, { measures: { [quantity]: measured } }, howOf({ quantity, series: [{ history: HISTORY }] }));

/** How the first block compares with the last, and the words for it. */
function across(flow, underflowed = {}, about = {}) {
  const found = acrossDepth({ ...STARTED, ...about }, { measures: { flow }, underflowed });
  return { found, words: acrossWords(found) };
}

test("both networks start at one at the last block", () => {
  assert.deepEqual(seen([8, 4, 0.5, 3]), [16, 8, 1]);
});

test("of weights, the last of the last block is the unit", () => {
  assert.deepEqual(seen([1, 2, 3, 4, 0.5, 9], "weight_grad"), [2, 4, 6, 8, 1]);
});

test("an update is never shown beside the last block's", () => {
  assert.deepEqual(seen([1e-3, 2e-3], "update_ratio"), [1e-3, 2e-3]);
});

test("without a gradient at the last block nothing is compared", () => {
  for (const last of [0, null]) assert.deepEqual(seen([0, 2, last, 1]), [0, undefined, last]);
});

test("the words are factors", () => {
  const explodes = "(it explodes: grows more than a thousandfold)";
  const vanishes = "(it vanishes: less than a thousandth is left)";
  const cases = [
    [0.5, "2 times smaller at the first block than at the last"],
    [1.0, "about as large at the first block as at the last"],
    [2.5, "2.5 times larger at the first block than at the last"],
    [3123.0, `3,100 times larger at the first block than at the last ${explodes}`],
    [2.5e-10, `4×10⁹ times smaller at the first block than at the last ${vanishes}`],
  ];
  for (const [times, text] of cases) {
    const { found, words } = across([9.0, 0.1 * times, 0.1, 5.0]);
    assert.ok(Math.abs(found.value / times - 1) < 1e-12);
    assert.equal(words, text);
  }
});

test("it vanishes or explodes from a thousand on", () => {
  const cases = [[999, null], [1001, "explodes"], [1 / 999, null], [1 / 1001, "vanishes"]];
  for (const [times, trend] of cases) {
    const { found, words } = across([1, times, 1, 1]);
    assert.equal(found.trend, trend);
    assert.equal(/vanishes|explodes/.test(words), trend !== null);
  }
});

test("each kind of nothing is told apart", () => {
  const gone = [0, 0, 0.1, 0.1];
  assert.match(across(gone).words, /^exactly 0 at the first block/);
  assert.match(across(gone, { flow: [0, 1] }).words, /^too small for float32/);
  const { found, words } = across(gone, { flow: [0, 1], signal: [1] });
  assert.deepEqual(found, { kind: "signal", trend: null });
  assert.doesNotMatch(words, /vanishes/);
  assert.equal(across([0, 0, 0, 0]).found.kind, "none");
  assert.equal(across([null, null, null, 1]).found.kind, "lost");
});

test("of a measure that a run did not tell kinds of 0 apart of none is said to be exactly 0", () => {
  const [gone, how] = [[0, 0, 0.1, 0.1], { quantity: "flow", relative: true, linear: false }];
  const wordsOf = (untold) => {
    const about = { measures: STARTED.measures.map((one) => (untold.includes(one.name) ? { ...one, untold: true } : one)) };
    const history = { started: { ...STARTED, ...about }, frames: [] };
    return [across(gone, {}, about).words, valueWords(0, { history, frame: { measures: { flow: gone } }, index: 1 }, how)];
  };
  for (const words of wordsOf(["flow"])) assert.match(words, /^0 .*did not tell them apart\)$/);
  for (const words of wordsOf(["weight_grad"])) assert.match(words, /^exactly 0/);
});

test("an update of a weight that is 0 has no ratio, and no overflow is said of it", () => {
  const how = howOf({ quantity: "update_ratio" });
  const said = (loss, gradient) =>
    valueWords(null, { history: { started: STARTED, frames: [] }, frame: { loss, measures: { update_ratio: [null], weight_grad: [gradient] } }, index: 0 }, how);
  assert.ok(how.gaps);
  assert.equal(said([2.3, 2.2], 0.1), "no value (the weight is 0)");
  assert.equal(said([2.3, null], 0.1), "not finite");
  assert.equal(said([2.3], null), "not finite");
});

test("only what never had a gradient is moved by weight decay alone", () => {
  const frames = [[0, 1], [0, 0], [2, 0]].map((weight_grad, i) => ({ step: i + 1, measures: { weight_grad } }));
  const said = (weight_decay) => {
    const moved = movedBy({ frames, spec: { optimizer: { weight_decay } } });
    return frames.map((frame) => [0, 1].map((layer) => moved(frame, layer)));
  };
  assert.deepEqual(said(1e-4), [["decay", null], ["decay", "still"], [null, "still"]]);
  assert.deepEqual(said(0), [["still", null], ["still", "still"], [null, "still"]]);
});
