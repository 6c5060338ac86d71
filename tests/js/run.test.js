// What is known of a run as the server lists it, after what it says.
import assert from "node:assert/strict";
import { test } from "node:test";
import { afterEvent, afterState } from "#logic/run.js";
import { done, run } from "#support/sweeps.js";

test("events make the result, and twice the same changes nothing", () => {
  const events = [
    { seq: 0, type: "started", params: 5 },
    { seq: 1, type: "evaluated", step: 0, train_error: 0.9, count: 10 },
    { seq: 9, type: "evaluated", step: 200, train_error: 0.25, test_error: null, count: 10 },
    { seq: 10, type: "finished", step: 200, diverged: false },
  ];
  const once = events.reduce(afterEvent, run());
  assert.deepEqual([...events, ...events.slice(1)].reduce(afterEvent, run()), once);
  assert.equal(once.state, "finished");
  assert.equal(once.result.train_error, 0.25);
  assert.equal(once.result.test_error, null);
  assert.equal(once.result.evaluated, 200);
  assert.equal(once.last_seq, 10);
});

test("a late state message does not wake an ended run", () => {
  assert.equal(afterState(done(0.5), { state: "running", step: 3 }).state, "finished");
});
