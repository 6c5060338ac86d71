// What a lesion of networks found: its points, its sentences.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RunHistory } from "#logic/history.js";
import { blocksOf } from "#logic/analysis.js";
import { absences, doneWords, pointsOf, sentences } from "#logic/lesion.js";
import { plain } from "#support/words.js";

const points = ["stem", "block1", "block2", "block3", "head"].map((name) => ({
  name,
  kind: name.replace(/\d/, ""),
}));
const result = (seq, what, blocks, error, more = {}) => ({
  type: "result", seq, what, blocks, test: error === null ? undefined : { loss: 2 * error, error }, ...more,
});

/** An analysis of a network of three blocks. */
function found() {
  const history = new RunHistory("abcdefghij");
  history.add([
    { type: "started", seq: 0, points, analysis: { most: 2 } },
    { type: "evaluated", seq: 1, test_error: 0.05, test_loss: 0.1 },
    result(2, "remove", ["block1"], 0.5),
    result(3, "remove", ["block2"], 0.06),
    result(4, "remove", ["block3"], null, { absent: "block3 changes the shape" }),
    result(5, "swap", ["block1", "block2"], 0.2),
    result(6, "together", ["block1", "block3"], 0.7),
  ]);
  return history;
}

test("events that come again change nothing", () => {
  const history = found();
  assert.equal(history.add([result(6, "together", ["block1", "block2"], 1)]), false);
  assert.equal(history.results.length, 5);
});

test("a result stands at its block, between two that were swapped, or at how many were removed", () => {
  const history = found();
  assert.equal(blocksOf(history), 3);
  assert.deepEqual(pointsOf(history, "remove", "test", "error").map(({ x, y }) => [x, y]), [[1, 0.5], [2, 0.06], [3, null]]);
  assert.deepEqual(pointsOf(history, "remove", "test", "loss", true).map(({ x }) => x), [0, 0.5, 1]);
  assert.deepEqual(pointsOf(history, "swap", "test", "error").map(({ x, y }) => [x, y]), [[1.5, 0.2]]);
  assert.deepEqual(pointsOf(history, "together", "test", "error").map(({ x, y }) => [x, y]), [[2, 0.7]]);
  assert.equal(pointsOf(history, "remove", "test", "error")[2].absent, "block3 changes the shape");
});

test("what was done is said in words", () => {
  assert.equal(doneWords("remove", [3]), "without block 3");
  assert.equal(doneWords("swap", [3, 4]), "blocks 3 and 4 swapped");
  assert.equal(doneWords("together", [1, 3]), "without blocks 1, 3");
});

test("a sentence says what one removal does as a rule, and at worst", () => {
  const series = [{ label: "residual", skip: "identity", history: found() }];
  assert.deepEqual(sentences(series, "test", "error").map(plain), [
    "residual: intact, the error on the test set is 5 %. Without one block it is 28 % (median of 2), and at most 50 % (block 1).",
  ]);
  const begun = new RunHistory("abcdefghij");
  assert.deepEqual(sentences([{ label: "plain", skip: "none", history: begun }], "test", "error"), []);
});

test("what can't be done is told with its reason, once for a network", () => {
  const series = [{ label: "residual", history: found() }];
  assert.deepEqual(absences(series, { what: "remove", set: "test", measure: "error" }), [
    "residual: 1 can’t be done (block3 changes the shape).",
  ]);
  assert.deepEqual(absences(series, { what: "swap", set: "test", measure: "error" }), []);
});
