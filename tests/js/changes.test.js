// What changes while a network trains, as pages read it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { changedTo, changesOf, fitting, fromPower, liveField, strengthAt, toPower } from "#logic/changes.js";
import { oneAtATime } from "#logic/latest.js";
import { completed, fieldsOf } from "#logic/fields.js";
import { changeWords, settingWords } from "#logic/specwords.js";
import { reconcile } from "#logic/reconcile.js";
import { python } from "#support/python.js";
import "#support/words.js";

const catalog = await python.catalog();
const table = fieldsOf(catalog);
const values = (some = {}) => completed(table, some);
const at = (step, set) => ({ step, set });

test("a strength is there where a skip adds, a factor where its skip has it", () => {
  const has = (skip, path) => Boolean(liveField(catalog.live, values({ "net.skip": skip }), path));
  assert.deepEqual(["identity", "rezero", "none", "highway"].map((skip) => has(skip, "net.skip.strength")), [true, true, false, false]);
  assert.ok(has("identity", "net.skip.strength.block3"));
  assert.ok(has("scaled", "net.skip.shortcut") && !has("identity", "net.skip.shortcut"));
  assert.ok(has("none", "optimizer.lr") && !has("none", "optimizer.momentum"));
});

test("what is said of all blocks holds for each, until one is named", () => {
  const changes = [at(3, { "net.skip.strength": 0.5 }), at(5, { "net.skip.strength.block2": 0.25 })];
  assert.equal(changedTo(changes, "net.skip.strength"), 0.5);
  assert.equal(changedTo(changes, "net.skip.strength.block1"), 0.5);
  assert.equal(changedTo(changes, "net.skip.strength.block2"), 0.25);
  assert.equal(changedTo([...changes, at(9, { "net.skip.strength": 1 })], "net.skip.strength.block2"), 1);
  assert.equal(changedTo(changes, "optimizer.lr"), undefined);
});

test("a shortcut has the strength that was in force at the step on show", () => {
  const changes = [at(3, { "net.skip.strength": 0.5, "net.skip.strength.block2": 0 }), at(5, { "net.skip.strength": 0.85 })];
  const found = (step) => ["block1", "block2"].map((block) => strengthAt({ changes }, block, step));
  assert.deepEqual([0, 2, 3, 4, 5].map(found), [[1, 1], [1, 1], [0.5, 0], [0.5, 0], [0.85, 0.85]]);
});

test("other settings keep the changes that still have a meaning", () => {
  const changes = [at(3, { "net.skip.strength": 0.5, "optimizer.lr": 1 }), at(50, { "optimizer.lr": 2 })];
  const all = values({ steps: 100, changes });
  assert.equal(fitting(changes, all, catalog.live), changes);
  assert.deepEqual(fitting(changes, { ...all, steps: 49 }, catalog.live), [changes[0]]);
  const plain = reconcile({ ...all, "net.skip": "none" }, "net.skip", { catalog, table }, all).values;
  assert.deepEqual(plain.changes, [at(3, { "optimizer.lr": 1 }), changes[1]]);
});

test("twins have one list of changes", () => {
  const [own, twin] = [[at(3, { a: 1, b: 2 })], [at(3, { a: 1 }), at(2, { c: 3 })]].map((changes) => ({ changes }));
  assert.deepEqual(changesOf([own, twin]), [at(2, { c: 3 }), at(3, { a: 1, b: 2 })]);
});

test("changes are said in few words, and never by their paths", () => {
  const set = { "optimizer.lr": 0.05, "net.skip.strength": 0.5, "net.skip.strength.block3": 0 };
  assert.equal(changeWords(set), "lr 0.05, strength 0.5, strength 0 in block 3");
  const many = [1, 2, 3, 4, 5].map((step) => at(step, { "optimizer.lr": step }));
  assert.equal(settingWords("changes", many), "lr 1 from step 1, lr 2 from step 2, lr 3 from step 3, +2 more");
  for (const { path } of catalog.live) assert.doesNotMatch(changeWords({ [path]: 1 }), /\w\.[a-z]/, path);
});

test("a slider's place and its value agree to two digits", () => {
  for (const rate of [0.00001, 0.001, 0.05, 0.1, 1, 10]) assert.equal(fromPower(toPower(rate)), rate);
});

test("whenever values are given, the last of each name is sent last, and one at a time", async () => {
  const sent = [];
  const answers = [];
  let rests = 0;
  const requests = oneAtATime((values) => new Promise((resolve) => (sent.push(values), answers.push(resolve))), () => (rests += 1));
  const all = requests.give({ strength: 0.95 });
  for (const strength of [0.9, 0.85, 0.8]) requests.give({ strength });
  requests.give({ rate: 1 });
  assert.deepEqual(sent, [{ strength: 0.95 }]);
  answers[0]();
  await new Promise(setImmediate);
  requests.give({ strength: 0 });
  assert.deepEqual([sent.length, requests.busy, rests], [2, true, 0]);
  answers[1]();
  await new Promise(setImmediate);
  answers[2]();
  await all;
  assert.deepEqual(sent.slice(1), [{ strength: 0.8, rate: 1 }, { strength: 0 }]);
  assert.deepEqual([requests.busy, rests], [false, 1]);
});

test("what can't be sent keeps nothing that is given later from being sent", async () => {
  const sent = [];
  const requests = oneAtATime(async ({ value }) => {
    sent.push(value);
    if (value === 1) throw new Error("lost");
  }, () => {});
  await assert.rejects(requests.give({ value: 1 }), /lost/);
  await requests.give({ value: 2 });
  assert.deepEqual(sent, [1, 2]);
});
