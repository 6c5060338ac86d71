// Runs and studies of one name are told apart by what the name leaves out, and by when they were asked for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { disambiguate } from "#logic/disambiguate.js";
import { labels } from "#logic/specdiff.js";
import { fieldsOf } from "#logic/fields.js";
import * as specwords from "#logic/specwords.js";
import { ago, clock, clocks } from "#logic/timewords.js";
import { python } from "#support/python.js";
import "#support/words.js";

const catalog = await python.catalog();
const table = fieldsOf(catalog);
const NOW = new Date(2026, 10, 28, 14, 30).getTime();
const at = (hour, minute, second = 0, ms = 0, day = 28) => new Date(2026, 10, day, hour, minute, second, ms).toISOString();
const nameOf = (entry) => specwords.entryWords(entry, catalog.presets, table);
const told = (entries) => [...disambiguate(entries, nameOf, table, NOW).values()];

const run = async (id, created, settings) => ({ id, created, study: null, spec: await python.spec(settings) });
const study = async (id, created, settings) => {
  const spec = await python.study(settings);
  return { id, created, study: spec.study, runs: [], spec };
};

test("a name that nothing else has stands alone", async () => {
  const found = told([await run("a", at(14, 3), {}), await run("b", at(14, 3), { seed: 1 })]);
  assert.deepEqual(found.map(({ differs, clock: time }) => [differs, time]), [["", "14:03"], ["", "14:03"]]);
  assert.deepEqual(found.map(({ called }) => called), [
    "residual convnet, 56 layers",
    "residual convnet, 56 layers, seed 1",
  ]);
});

test("runs of one name say what differs that the name leaves out, and the usual one nothing", async () => {
  const found = told([
    await run("a", at(14, 3), { evaluate: { every: 5 } }),
    await run("b", at(14, 3), {}),
    await run("c", at(14, 4), { every: 2 }),
  ]);
  assert.deepEqual(found.map(({ called }) => called).sort(), [
    "residual convnet, 56 layers · 14:03",
    "residual convnet, 56 layers · evaluated every 5 steps · 14:03",
    "residual convnet, 56 layers · gradients every 2 steps · 14:04",
  ]);
});

test("sweeps of as many seeds say which", async () => {
  const found = told([
    await study("a", at(9, 0), { study: "depth", seeds: [0, 1] }),
    await study("b", at(10, 0), { study: "depth", seeds: [2, 3] }),
    // What each of a sweep's runs has of its own is nothing that sets the sweep apart.
    await study("c", at(11, 0), { study: "depth", seeds: [2, 3], base: { seed: 7, net: { depth: 8, skip: "none" } } }),
  ]);
  assert.deepEqual(found.map(({ differs, clock: time }) => [differs, time]), [
    ["seeds 0, 1", "09:00"],
    ["seeds 2, 3", "10:00"],
    ["seeds 2, 3", "11:00"],
  ]);
});

test("the same again is told apart by its time, whatever it takes", async () => {
  const pair = { study: "twins", base: { steps: 30 } };
  const name = "convnet 56 layers · plain against residual · 30 steps";
  const cases = [
    [[at(14, 3), at(14, 5)], ["14:03", "14:05"]],
    [[at(14, 3, 7), at(14, 3, 9), at(14, 8)], ["14:03:07", "14:03:09", "14:08:00"]],
    [[at(14, 3, 7, 900), at(14, 3, 7, 100)], ["14:03:07 (2)", "14:03:07 (1)"]],
  ];
  for (const [times, clocksOf] of cases) {
    const entries = await Promise.all(times.map((time, i) => study(`id${i}`, time, pair)));
    const found = disambiguate(entries, nameOf, table, NOW);
    assert.deepEqual(entries.map(({ id }) => found.get(id).called), clocksOf.map((time) => `${name} · ${time}`));
  }
});

test("another day, and another year, is named", () => {
  assert.match(clock(at(9, 5, 0, 0, 27), NOW), /27.*, 09:05$/);
  assert.doesNotMatch(clock(at(9, 5, 0, 0, 27), NOW), /2026/);
  assert.match(clock(new Date(2025, 10, 28, 9, 5).toISOString(), NOW), /2025, 09:05$/);
  assert.equal(new Set(clocks([at(9, 5), at(9, 5, 0, 0, 27)], NOW)).size, 2);
});

test("how long ago is said up to a day", () => {
  const cases = [
    [at(14, 29, 30), "just now"],
    [at(14, 28), "2 min ago"],
    [at(11, 29), "3 h ago"],
    [at(14, 29, 0, 0, 27), ""],
    [at(14, 31), "just now"], // a client's clock that is behind
  ];
  for (const [when, words] of cases) assert.equal(ago(when, NOW), words);
});

test("what a preset's name leaves out is said beside it", async () => {
  for (const { spec } of await python.presets()) {
    const entry = { id: "a", study: "twins", runs: [], spec };
    const words = specwords.behindName(entry, catalog.presets, table);
    assert.ok(words.includes(`${spec.base.net.family} ${spec.base.net.depth} layers`), words);
  }
  const own = await study("a", at(9, 0), { study: "twins", base: { steps: 31 } });
  assert.equal(specwords.behindName(own, catalog.presets, table), "");
});

test("a line's name lists three differences, and how many more there are", async () => {
  const unlike = [
    {},
    {
      net: { family: "mlp", depth: 8, width: 32, skip: "none", norm: "none" },
      steps: 50,
      seed: 3,
      optimizer: { name: "sgd", lr: 0.1 },
    },
  ];
  const specs = await Promise.all(unlike.map((settings) => python.spec(settings)));
  const [first, second] = specwords.lineNames(specs, table);
  assert.match(first, /^residual, convnet, 56 layers, \+\d+ more$/);
  assert.match(second, /^plain, mlp, 8 layers, \+\d+ more$/);
  // As many as tell them apart, where three do not.
  const third = await python.spec({ ...unlike[1], seed: 4 });
  const names = specwords.lineNames([...specs, third], table);
  assert.equal(new Set(names).size, 3);
  const whole = labels(specs, specwords.settingWords, (spec) => specwords.usualOf(spec, table));
  assert.equal(whole[1].split(", ").length, second.split(", ").length - 1 + Number(second.match(/\+(\d+)/)[1]));
});
