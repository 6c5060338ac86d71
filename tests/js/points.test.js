// What a sweep measured: runs, points, means, and the time that is left.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as points from "#logic/points.js";
import { DIGITS, POINTS, done, run } from "#support/sweeps.js";
import "#support/words.js";

test("only runs that did all their steps have a point", () => {
  const lost = { diverged: true, became: "infinite", step: 3 };
  const runs = [
    done(0.5),
    { ...done(0.5, { seed: 1 }), state: "stopped", step: 90 },
    { ...done(0.9, { seed: 2 }), result: { train_error: null, ...lost } },
    run({ seed: 3, state: "failed", reason: "out of memory" }),
    run({ seed: 4, state: "running", result: { train_error: 0.7 } }),
  ];
  const found = points.points(runs, "net.depth", "train_error");
  assert.deepEqual(found.map(({ y }) => y), [0.5, null, null, null, null]);
  assert.deepEqual(found.map(({ standing }) => standing), ["finished", "stopped", "diverged", "failed", "running"]);
  assert.equal(found[2].lost, "became infinite at step 3");
});

test("means and ranges are those of the seeds", () => {
  const errors = { 8: [0.02, 0.05, 0.01], 56: [0.7, 0.8, 0.75] };
  const runs = Object.entries(errors).flatMap(([depth, its]) =>
    its.map((error, seed) => done(error, { seed, depth: Number(depth) })),
  );
  for (const cell of points.gathered(points.points(runs, "net.depth", "train_error"))) {
    const its = errors[cell.value];
    assert.ok(Math.abs(cell.mean - (its[0] + its[1] + its[2]) / 3) < 1e-12);
    assert.deepEqual([cell.min, cell.max, cell.n], [Math.min(...its), Math.max(...its), 3]);
  }
});

test("time left is what the rest takes at the pace so far", () => {
  // Depth 8 took 10 s; two of depth 20, twice and a half the work each, remain, one half done.
  const began = "2026-01-01T00:00:00Z";
  const runs = [
    done(0.1, { started: began }),
    run({ depth: 20, seed: 1, state: "running", step: 100, started: began }),
    run({ depth: 20, seed: 2 }),
  ];
  const left = points.timeLeft(runs, Date.parse("2026-01-01T00:00:18Z"));
  // 8 x 200 + 20 x 100 units of work in 18 s; 20 x 100 + 20 x 200 to go.
  assert.ok(Math.abs(left - (18 * 6000) / 3600) < 1e-9);
  assert.equal(points.timeLeft([run(), run({ seed: 1 })], 0), null);
});

test("measures without an error are losses", () => {
  assert.deepEqual(points.measuresOf(POINTS), ["train_loss", "test_loss"]);
  assert.equal(points.measuresOf(DIGITS)[0], "train_error");
});
