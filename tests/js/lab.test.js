// What the Lab shows in each of its states, and of which settings.
import assert from "node:assert/strict";
import { test } from "node:test";
import { studyFieldsOf } from "#logic/fields.js";
import { RunHistory } from "#logic/history.js";
import * as lab from "#logic/lab.js";
import { python } from "#support/python.js";
import "#support/words.js";

const catalog = await python.catalog();
const table = studyFieldsOf(catalog, "twins");
const paths = table.map(({ path }) => path);

test("each preset is recognised, and what differs is counted", async () => {
  const presets = await python.presets();
  assert.equal(presets.length, catalog.presets.length);
  for (const { name, spec } of presets) {
    const values = lab.complete(spec, table);
    assert.deepEqual(lab.nearestPreset(values, catalog.presets, table), { name, differs: [] });
    const other = { ...values, seed: 7, "optimizer.lr": 0.2 };
    const changed = lab.nearestPreset(other, catalog.presets, table);
    assert.equal(changed.name, name);
    assert.deepEqual(changed.differs.toSorted(), ["optimizer.lr", "seed"]);
  }
});

test("the buttons do what the state allows", () => {
  const cases = [
    [{ state: "none" }, "train", ["step", "train"]],
    [{ state: "queued" }, "wait", ["stop"]],
    [{ state: "running" }, "pause", ["stop", "train"]],
    [{ state: "paused" }, "resume", ["step", "stop", "train"]],
    [{ state: "ended" }, "again", ["again", "step", "train"]],
    [{ state: "running", changed: true }, "train_new", ["stop", "train"]],
    [{ state: "running", mine: false }, "train", ["step", "train"]],
    [{ state: "running", busy: true }, "pause", []],
    [{ state: "queued", stepping: true }, "wait", ["stop"]],
    [{ state: "paused", stepping: true }, "resume", ["stop"]],
  ];
  for (const [now, train, can] of cases) {
    const said = lab.buttons({ mine: true, changed: false, busy: false, ...now });
    assert.equal(said.train, train);
    const able = Object.keys(said.can).filter((name) => said.can[name]);
    assert.deepEqual(able.sort(), can);
  }
});

test("the first step waits for both, and is given up when either has ended", () => {
  const at = (state) => {
    const history = new RunHistory("r");
    history.takeState({ state });
    return history;
  };
  const pairs = [
    [["queued", "queued"], "wait"],
    [["queued", "paused"], "wait"],
    [["paused", "paused"], "go"],
    [["paused", "failed"], "over"],
    [["stopped", "stopped"], "over"],
    [["queued", "interrupted"], "over"],
  ];
  for (const [states, expected] of pairs) assert.equal(lab.firstStep(states.map(at)), expected);
});

test("an end before the first step is told, and no other", () => {
  const told = (events) => {
    const history = new RunHistory("r");
    history.add(events);
    return history;
  };
  const frame = { type: "frame", seq: 0, step: 1, loss: [1.0] };
  const failed = { type: "failed", seq: 1, step: 0, reason: "out of memory" };
  const stopped = { type: "stopped", seq: 1, step: 0 };
  const pairs = [
    [[[failed], [stopped]], "failed_early"],
    [[[stopped], [stopped]], "stopped_early"],
    [[[failed], []], null],
    [[[failed], [frame, { ...stopped, step: 1 }]], null],
    [[[], []], null],
  ];
  for (const [pair, expected] of pairs) assert.equal(lab.earlyEnd(pair.map(told)), expected);
});

test("problems stand beside the field they name", () => {
  const problems = [
    { field: "base.net.depth", problem: "is odd", allowed: "allowed: even" },
    { field: "data", problem: "is unknown", allowed: "allowed: digits" },
    { field: "base", problem: "is strange", allowed: "" },
  ];
  const said = lab.placed(problems, paths);
  assert.deepEqual(said.fields, {
    "net.depth": "is odd; allowed: even",
    data: "is unknown; allowed: digits",
  });
  assert.deepEqual(said.others.map(({ field }) => field), ["base"]);
});

test("no setting is without a control", () => {
  const shown = [...lab.primary(table), ...lab.folded(table)];
  assert.equal(new Set(shown).size, shown.length);
  // Changes on the way are written in a link.
  assert.deepEqual([...new Set(paths)].filter((path) => !shown.includes(path)), ["changes"]);
});

test("a pair is paused once both stand at one step", () => {
  const cases = [
    [[34, 49], "pausing"],
    [[34, 35], "paused"],
    [[9, 9], "paused"],
  ];
  for (const [done, expected] of cases) {
    const histories = done.map((step) => ({ state: "paused", ended: false, step, done: step }));
    assert.equal(lab.badgeOf(histories), expected);
    assert.equal(lab.statusOf(histories, { steps: 100 }).key, expected);
  }
});
