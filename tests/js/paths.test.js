// Which paths a gradient came back on: points, halves, sentences.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RunHistory } from "#logic/history.js";
import { checks, half, pathsTable, pointsOf, say, sentences, shareOfPaths } from "#logic/paths.js";
import { plain } from "#support/words.js";

const points = ["stem", "block1", "block2", "block3", "head"].map((name) => ({ name, kind: name.replace(/\d/, "") }));
const result = (seq, what, values) => ({ type: "result", seq, what, blocks: [], values });

/** The paths of a residual network of three blocks. */
function residual() {
  const history = new RunHistory("abcdefghij");
  history.add([
    { type: "started", seq: 0, points },
    result(1, "length", { length: 0, paths: 1, share: 0.3, norm: 3, single: 3, single_least: 3, single_most: 3 }),
    result(2, "length", { length: 1, paths: 3, share: 0.6, norm: 6, single: 2, single_least: 1, single_most: 4 }),
    result(3, "length", { length: 2, paths: 3, share: 0.2, norm: 2, single: 0.5, single_least: 0.25, single_most: 1 }),
    result(4, "length", { length: 3, paths: 1, share: -0.1, norm: null }),
  ]);
  return history;
}

const label = "residual";

test("a point stands at its length, with the least and the greatest of single paths", () => {
  assert.deepEqual(pointsOf(residual(), "share").map(({ x, y }) => [x, y]), [[0, 0.3], [1, 0.6], [2, 0.2], [3, -0.1]]);
  assert.deepEqual(pointsOf(residual(), "single")[1], { x: 1, y: 2, least: 1, most: 4 });
  assert.deepEqual(pointsOf(residual(), "single")[3], { x: 3, y: null, least: null, most: null });
});

test("half is reached at the first length from which on it stays", () => {
  const at = (...shares) => half(shares.map((y, x) => ({ x, y })));
  assert.equal(at(0.3, 0.2, 0.5), 1);
  assert.equal(at(1), 0);
  assert.equal(at(0.6, -0.4, 0.8), 2);
  assert.equal(at(0.5, null), null);
  assert.equal(at(), null);
});

test("of all paths the lengths in the middle have most, at any depth", () => {
  assert.deepEqual(shareOfPaths(4).map(({ x, y }) => [x, y.toFixed(12)]), [1, 4, 6, 4, 1].map((n, x) => [x, (n / 16).toFixed(12)]));
  const deep = shareOfPaths(1200);
  assert.ok(Math.abs(deep.reduce((sum, { y }) => sum + y, 0) - 1) < 1e-9);
  assert.ok(deep[600].y > deep[599].y);
});

test("nothing is said before all lengths are there", () => {
  const history = residual();
  assert.deepEqual(sentences([{ label, history }]), []);
  assert.deepEqual(checks([{ label, history }]), []);
  history.add([result(5, "whole", { norm: 10, difference: 2e-16 })]);
  assert.deepEqual(sentences([{ label, history }]).map(plain), [
    "residual: half of the gradient comes back on paths through at most 1 of 3 branches; half of all paths go through at most 1.",
  ]);
  assert.match(plain(checks([{ label, history }])[0]), /differ from the gradient of one backward pass by 2×10⁻¹⁶ of its size/);
});

test("a plain network has one path", () => {
  const history = new RunHistory("abcdefghij");
  history.add([
    { type: "started", seq: 0, points },
    result(1, "length", { length: 3, paths: 1, share: 1, norm: 2 }),
    result(2, "whole", { norm: 2, difference: 0 }),
  ]);
  assert.deepEqual(sentences([{ label: "plain", history }]).map(plain), [
    "plain: one path, through all 3 blocks, brings back the whole gradient.",
  ]);
});

test("the table has a row a length, and says what was not finite", () => {
  const { columns, rows } = pathsTable([{ label, history: residual() }]);
  assert.equal(columns.length, 6);
  assert.deepEqual(rows[1].map(String).map(plain), ["residual", "1", "60 %", "6", "2", "3"]);
  assert.deepEqual(rows[3].map(String).map(plain), ["residual", "3", "-10 %", "not finite", "", "1"]);
  assert.equal(say("paths", 20058300), "2.01×10⁷");
});

test("where the gradient is 0 there is nothing to split", () => {
  const history = new RunHistory("abcdefghij");
  history.add([
    { type: "started", seq: 0, points },
    ...[0, 1, 2, 3].map((length) => result(1 + length, "length", { length, paths: [1, 3, 3, 1][length], share: null, norm: 0, single: 0 })),
    result(5, "whole", { norm: 0, difference: null }),
  ]);
  assert.deepEqual(sentences([{ label, history }]).map(plain), [
    "residual: the gradient is 0 on these examples, so there is nothing to split.",
  ]);
  assert.deepEqual(checks([{ label, history }]), []);
});
