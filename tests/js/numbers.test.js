// What the charts compute, against definitions written out here.
import assert from "node:assert/strict";
import { test } from "node:test";
import { depthTicks } from "#charts/depthAxis.js";
import * as n from "#charts/numbers.js";
import { shortened } from "#charts/series.js";
import * as position from "#charts/position.js";
import { magnitudes, random } from "#support/random.js";
import "#support/words.js";

const range = (from, to) => Array.from({ length: to - from }, (_, i) => from + i);

function close(found, expected) {
  assert.equal(found.length, expected.length);
  found.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) <= 1e-9 * Math.abs(expected[i]), `${i}`));
}

test("decades hold all that is positive, whole powers of ten", () => {
  for (const seed of [0, 1, 2]) {
    const values = magnitudes(50, -40, 5, seed);
    const [low, high] = n.decades([...values, 0, null]);
    assert.ok(values.every((value) => 10 ** low <= value && value <= 10 ** high));
    assert.ok(values.some((value) => value < 10 ** (low + 1)) && values.some((value) => value > 10 ** (high - 1)));
    assert.deepEqual(n.decades(values, [-50, 9]), [-50, 9]);
  }
  assert.deepEqual(n.decades([1e-3, 1], [-1, 0]), [-3, 0]);
  assert.deepEqual(n.decades([100]), [1, 2]);
  assert.equal(n.decades([0, null]), null);
});

test("a log axis of many decades is not crowded", () => {
  // Of 260 pixels, eight ticks of 13 pixels stand 2.5 lines apart.
  assert.equal(n.decadeStep([-30, 2], 260, 13), 3);
  assert.equal(n.decadeStep([-3, 0], 260, 13), 1);
});

test("a heatmap's columns are the last of each group, and stay where they are while a run grows", () => {
  for (const count of [1, 400, 401, 999, 100_000]) {
    const stride = 2 ** Math.max(0, Math.ceil(Math.log2(count / 400)));
    const expected = range(0, Math.ceil(count / stride)).map((i) => Math.min((i + 1) * stride, count) - 1);
    assert.deepEqual(n.columns(count), expected);
    assert.ok(expected.length <= 400);
  }
});

test("an envelope keeps the least, the greatest and a gap of each column, and averages nothing", () => {
  for (const size of [10, 601, 1202]) {
    const next = random(size);
    const values = range(0, size).map(() => next() - 0.5);
    values[size >> 1] = null;
    const kept = n.envelope(values, 100);
    if (size <= 200) {
      assert.deepEqual(kept, range(0, size));
      continue;
    }
    for (const column of range(0, 100)) {
      const [first, end] = [Math.floor((column * size) / 100), Math.floor(((column + 1) * size) / 100)];
      const all = values.slice(first, end);
      const finite = all.filter((value) => value !== null);
      const shown = kept.filter((i) => first <= i && i < end).map((i) => values[i]);
      assert.ok(shown.includes(Math.min(...finite)) && shown.includes(Math.max(...finite)));
      assert.equal(shown.includes(null), all.includes(null));
      assert.ok(shown.length <= 3);
    }
  }
});

test("names are moved apart as little as may be, in order, within the chart", () => {
  const places = [50, 52, 49, 99];
  const moved = n.spread(places, 15, 0, 100);
  const order = [2, 0, 1, 3];
  order.slice(1).forEach((one, i) => assert.ok(moved[one] - moved[order[i]] >= 15 - 1e-9));
  assert.ok(Math.min(...moved) >= 0 && Math.max(...moved) <= 100);
  assert.deepEqual(n.spread([10, 50, 90], 15, 0, 100), [10, 50, 90]);
});

test("ticks are round, and no more than there is room for", () => {
  assert.deepEqual(n.ticks(0, 200, 6), [0, 50, 100, 150, 200]);
  assert.deepEqual(n.ticks(0, 9, 6), [0, 2, 4, 6, 8]);
  assert.deepEqual(n.ticks(0, 1, 6), [0, 1]);
  assert.deepEqual(n.ticks(37, 61, 5), [40, 45, 50, 55, 60]);
  assert.deepEqual(n.ticks(0, 100_000, 7), [0, 20_000, 40_000, 60_000, 80_000, 100_000]);
});

test("zero and what is not finite have lanes of their own", () => {
  const values = [0, 1e-30, null, 2, NaN, Infinity];
  assert.deepEqual(values.map((value) => n.lane(value)), ["zero", "value", "lost", "value", "lost", "lost"]);
});

test("cut names stay apart", () => {
  const cases = [
    [["plain", "residual"], ["plain", "residual"]],
    [["plain, width 16", "residual"], ["plain, wi…", "residual"]],
    [["residual, momentum 0.9", "residual, momentum 0.5"], ["…entum 0.9", "…entum 0.5"]],
    [["residual, lr 0.1, width 16"], ["residual,…"]],
    [["residual, lr 0.1, seed 10000", "residual, lr 0.2, seed 10000"], ["1 residua…", "2 residua…"]],
  ];
  for (const [names, expected] of cases) assert.deepEqual(shortened(names, 10), expected);
});

test("where there is little room, one tick stands between the ends", () => {
  const cases = [[2, []], [3.7, [28]], [4.9, [28]], [6, [10, 20, 30, 40, 50]]];
  for (const [most, places] of cases) {
    assert.deepEqual(depthTicks(57, false, most).tickvals, [0, ...places, 56]);
  }
});

/** Weights that fall by `amount` a step, scaled to sum to one. */
function smoothed(ys, amount) {
  return ys.map((_, i) => {
    const weights = range(0, i + 1).map((j) => amount ** (i - j));
    const sum = weights.reduce((a, b) => a + b);
    return weights.reduce((total, weight, j) => total + weight * ys[j], 0) / sum;
  });
}

test("smoothing is the weighted mean of what came before", () => {
  const next = random(0);
  const ys = range(0, 50).map(() => next() + 1);
  close(n.smooth(ys, 0.8), smoothed(ys, 0.8));
  assert.deepEqual(n.smooth([3, 1, 2], 0), [3, 1, 2]);
});

test("smoothing averages logarithms on a log axis", () => {
  const ys = magnitudes(40, -6, 0, 1);
  close(n.smooth(ys, 0.8, true), smoothed(ys.map(Math.log), 0.8).map(Math.exp));
});

test("no smoothing crosses a divergence", () => {
  const got = n.smooth([1e9, 2e9, null, 1, 3], 0.8);
  assert.equal(got[2], null);
  close(got.slice(3), smoothed([1, 3], 0.8));
});

test("place 0 is before the first update, and shows the frame of step 1", () => {
  assert.equal(position.stepAt(0), 1);
  assert.equal(position.positionWords(0, 9, "flow").key, "start");
  assert.deepEqual(position.positionWords(4, 9, "flow"), { key: "after", values: { n: 4, steps: 9 } });
});

test("an update belongs to its step", () => {
  assert.deepEqual(position.positionWords(0, 9, "update_ratio"), { key: "update", values: { n: 1, steps: 9 } });
});

test("runs that still train are seen at a step that all have reached", () => {
  const cases = [
    [[], 0],
    [[[0, false]], 0],
    [[[12, true], [3, true]], 11],
    [[[12, false], [9, false]], 8],
    [[[12, true], [9, false]], 8],
  ];
  for (const [runs, expected] of cases) {
    const histories = runs.map(([last, ended]) => ({ frames: range(1, last + 1).map((step) => ({ step })), ended }));
    assert.equal(position.lastPosition(histories), expected);
  }
});

test("a step on an axis becomes a place that there is", () => {
  assert.deepEqual([0, 1, 7.4, 99].map((step) => position.positionOf(step, 10)), [0, 0, 6, 10]);
});

test("one layer in a thousand cannot vanish from a heatmap", () => {
  const layers = range(0, 1202).map((i) => 10 ** ((i % 7) - 3));
  const shown = (ys) => n.groups(ys.length, 100).flatMap((group) => n.couple(ys, group));
  for (const odd of [0, null, 1e-30, 1e30]) {
    layers.forEach((_, i) => assert.ok(shown(layers.with(i, odd)).includes(i), `${odd} at ${i}`));
  }
});

test("a group of layers is shown by its least and greatest", () => {
  const layers = magnitudes(457, -9, 3);
  let seen = 0;
  for (const [start, end] of n.groups(layers.length, 100)) {
    assert.equal(start, seen);
    seen = end;
    const part = layers.slice(start, end);
    const two = n.couple(layers, [start, end]);
    assert.deepEqual(two, two.toSorted((a, b) => a - b));
    assert.deepEqual(new Set(two.map((i) => layers[i])), new Set([Math.min(...part), Math.max(...part)]));
  }
  assert.equal(seen, 457);
});
