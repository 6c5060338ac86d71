// Histories and pairs: a replay does no harm, and the faster twin waits for the slower.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RunHistory } from "#logic/history.js";
import { averageOf, rateOf, timeLeft } from "#logic/pace.js";
import { Cut, milestones, reach, sameStart, sidesOf, stateOf } from "#logic/pair.js";
import { skipName } from "#logic/skips.js";
import { python } from "#support/python.js";
import "#support/words.js";

const EVENTS = [
  { type: "started", seq: 0, spec: await python.spec({}) },
  { type: "evaluated", seq: 1, step: 0, train_error: 0.9 },
  { type: "frame", seq: 2, step: 2, loss: [3.0, 2.0], error: [0.9, 0.8] },
  { type: "news", seq: 3, step: 2 },
  { type: "frame", seq: 4, step: 5, loss: [1.0, null, 0.5], error: [0.7, null, 0.5] },
  { type: "evaluated", seq: 5, step: 5, train_error: 0.5 },
  { type: "finished", seq: 6, step: 5, diverged: false },
];

function made(events, state) {
  const history = new RunHistory("r", null);
  history.add(events);
  if (state) history.takeState({ state });
  return history;
}

test("a history takes each event once, whatever comes twice", () => {
  const history = made(EVENTS.slice(0, 3));
  assert.equal(history.version, 1);
  assert.deepEqual([history.add(EVENTS.slice(0, 5)), history.add(EVENTS.slice(2, 5))], [true, false]);
  assert.equal(history.version, 2);
  history.add(EVENTS);
  assert.deepEqual(history.loss, [3.0, 2.0, 1.0, null, 0.5]);
  assert.deepEqual(history.error, [0.9, 0.8, 0.7, null, 0.5]);
  assert.deepEqual([history.step, history.state, history.ended, history.lastSeq], [5, "finished", true, 6]);
  assert.deepEqual([history.frames.length, history.evaluations.length], [2, 2]);
});

test("a cut history is what it was at that step", () => {
  const cut = new Cut(made(EVENTS));
  const seen = (step) => {
    const { loss, frames, evaluations, ended, state, step: covered } = cut.at(step);
    return [loss, frames.length, evaluations.length, ended, state, covered];
  };
  assert.deepEqual(seen(3), [[3.0, 2.0], 1, 1, false, "running", 2]);
  assert.deepEqual(seen(5), [[3.0, 2.0, 1.0, null, 0.5], 2, 2, true, "finished", 5]);
  assert.deepEqual(seen(0), [[], 0, 1, false, "running", 0]);
  assert.equal(cut.at(3).loss, cut.at(3).loss); // made once
  assert.equal(cut.at(3).frameAt(9).step, 2);
});

test("the pair stands where the slower one does", () => {
  const going = { diverged: null, state: "running" };
  const pairs = [
    [[{ ...going, step: 5 }, { ...going, step: 9 }], 5],
    [[{ ...going, step: 3, diverged: 3 }, { ...going, step: 9 }], 9],
    [[{ ...going, step: 3, state: "failed" }, { ...going, step: 9 }], 9],
    [[{ ...going, step: 3, diverged: 3 }, { ...going, step: 4, diverged: 4 }], 4],
    [[{ ...going, step: 7, state: "stopped" }, { ...going, step: 6, state: "stopped" }], 6],
  ];
  for (const [runs, step] of pairs) assert.equal(reach(runs), step);
});

test("the plain network comes first", () => {
  const pairs = [
    [["identity", "none"], ["none", "identity"]],
    [["none", { name: "rezero", start: 0.5 }], ["none", "rezero"]],
    [["identity", "projection"], ["identity", "projection"]],
    [["projection", "none"], ["none", "projection"]],
  ];
  for (const [skips, expected] of pairs) {
    const [base, twin] = skips.map((skip) => ({ spec: { net: { skip } } }));
    assert.deepEqual(sidesOf(base, twin).map(({ skip }) => skip), expected);
  }
});

test("every skip has a name of its own", async () => {
  const names = (await python.skips()).map(skipName);
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual([skipName("none"), skipName("identity")], ["plain", "residual"]);
});

test("a pair has one state", () => {
  const pairs = [
    [["running", "queued"], "running"],
    [["paused", "paused"], "paused"],
    [["finished", "running"], "running"],
    [["queued", "queued"], "queued"],
    [["failed", "stopped"], "ended"],
    [["interrupted", "interrupted"], "ended"],
  ];
  for (const [states, one] of pairs) assert.equal(stateOf(states.map((state) => made([], state))), one);
});

test("each quarter is passed once", () => {
  const passed = (from, to) => milestones(from, to, 200);
  assert.deepEqual(passed(0, 49), []);
  assert.deepEqual(passed(49, 50), [25]);
  assert.deepEqual(passed(50, 51), []);
  assert.deepEqual(passed(40, 160), [25, 50, 75]);
  assert.deepEqual(passed(199, 200), [100]);
  assert.deepEqual(passed(200, 200), []);
});

test("rate and time left come from the runs' own clock", () => {
  const run = (steps, each, all, ended = false) => ({
    step: steps, steps: all, ended,
    frames: Array.from({ length: steps }, (_, i) => ({ step: i + 1, time: (i + 1) * each })),
  });
  const near = (found, expected) => assert.ok(Math.abs(found - expected) < 1e-6, `${found} is not ${expected}`);
  const fast = run(100, 0.01, 200);
  const slow = run(50, 0.1, 200);
  near(rateOf(fast), 100);
  near(timeLeft([fast, slow]), 15);
  near(timeLeft([{ ...slow, ended: true }, fast]), 1);
  assert.equal(rateOf(run(0, 1, 10)), null);
  assert.equal(timeLeft([run(0, 1, 10), slow]), null);
  assert.equal(averageOf({ frames: [{ step: 50, time: 4.5 }, { step: 100, time: 5 }] }), 20);
  assert.equal(averageOf({ frames: [] }), null);
});

test("layers of one name and shape start alike at one seed", async () => {
  const layers = (width, count = 3) => Array.from({ length: count }, (_, i) => ({ name: `block${i}.layer1`, shape: [8, width] }));
  const gates = [{ name: "block1.gate", shape: [8, 8] }];
  const history = async (base, started) => ({ spec: await python.spec(base), started: { layers: layers(8), other_layers: [], ...started } });
  const plain = await history({ net: { skip: "none" } });
  const cases = [
    [await history({}), { alike: 3, of: 3, more: 0, scales: false }],
    [await history({ net: { skip: "highway" } }, { other_layers: gates }), { alike: 3, of: 3, more: 1, scales: false }],
    [await history({ net: { skip: "concat" } }, { layers: [...layers(8, 1), ...layers(16).slice(1)] }), { alike: 1, of: 3, more: 0, scales: false }],
    [await history({ seed: 1 }), null],
    [await history({ net: { init: "xavier" } }), null],
    [await history({ net: { init: "zero-gamma" } }), { alike: 3, of: 3, more: 0, scales: true }],
    [await history({ net: { init: { name: "zero-gamma", gain: 0.5 } } }), null],
    [{ ...(await history({})), started: null }, null],
  ];
  for (const [other, found] of cases) {
    assert.deepEqual(sameStart(plain, other), found);
    assert.deepEqual(sameStart(other, plain), found);
  }
});
