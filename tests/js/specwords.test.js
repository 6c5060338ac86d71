// What the caption of a saved image says of the runs it shows.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldsOf } from "#logic/fields.js";
import { flatten, nest } from "#logic/spec.js";
import { entryWords, lineNames, networkNames, networkWords, runWords, settingWords, trainedWords } from "#logic/specwords.js";
import { axisName, fieldName, valueName } from "#logic/sweepwords.js";
import { python } from "#support/python.js";
import "#support/words.js";

const table = fieldsOf(await python.catalog());
const caption = async (...settings) =>
  trainedWords(await Promise.all(settings.map((one) => python.spec(one))), table).join(" · ");

test("a caption says of defaults only what each has", async () => {
  const words = await caption({ seed: 1 }, { seed: 0, net: { skip: "none" } });
  assert.match(words, /^convnet · .* steps · seeds 0, 1$/);
  assert.doesNotMatch(words, /norm|init|width|SGD/);
});

test("a caption says what is not the default", async () => {
  const words = await caption({ net: { norm: "none", init: "xavier", activation: "tanh", width: 5 }, optimizer: "adam" });
  for (const part of ["no norm", "Xavier init", "tanh", "width 5", "Adam"]) assert.ok(words.includes(part), `${part}: ${words}`);
});

test("where one of two is at the default, both are told", async () => {
  assert.match(await caption({}, { net: { norm: "none" } }), /batch norm, no norm/);
});

test("no two presets have one caption", async () => {
  const presets = await python.presets();
  const words = presets.map(({ spec }) => trainedWords([spec.base, { ...spec.base, net: { ...spec.base.net, skip: spec.against } }], table).join());
  assert.equal(new Set(words).size, presets.length);
});

test("no path is ever shown, whatever differs from the defaults", async () => {
  const dotted = /\b(net|data|optimizer|evaluate)\.[a-z_]/;
  const base = await python.spec({});
  for (const field of table) {
    const value = field.choices.at(-1) ?? (field.kind === "boolean" ? !field.default : field.kind === "list" ? ["flow"] : 7);
    if (field.kind === "json") continue;
    const flat = { ...flatten(base), ...Object.fromEntries(Object.entries(field.when).map(([path, [name]]) => [path, name])) };
    const other = nest({ ...flat, [field.path]: value });
    const plan = { study: "sweep", field: field.path, values: [value], skips: ["none"], seeds: [0], base: other };
    const said = [
      settingWords(field.path, value), fieldName(field.path), axisName(field.path), valueName(field.path, value),
      runWords(other, table), ...lineNames([base, other], table), ...trainedWords([other], table),
      entryWords({ runs: [], study: "sweep", spec: plan }, [], table),
    ];
    for (const words of said) assert.doesNotMatch(words, dotted, field.path);
  }
});

test("a network of a run that stopped early is told with its steps, and without what never took effect", async () => {
  const changes = [{ step: 1, set: { "optimizer.lr": 0.3 } }, { step: 2, set: { "net.skip.strength": 0.7 } }];
  const spec = await python.spec({ steps: 62, changes });
  const run = { spec, step: 1, state: "stopped", analysis: null };
  const analysis = { spec, step: 9, state: "finished", analysis: { analysis: "lesion", of: "abcdefghij", trained: 1 } };
  for (const one of [run, analysis]) {
    const words = networkWords(one, table);
    assert.match(words, /, stopped after 1 of 62 steps$/);
    assert.match(words, /0\.3 from step 1/);
    assert.doesNotMatch(words, /0\.7|, 62 steps/);
    assert.match(networkNames([one], table)[0], /^residual, stopped after 1 of 62 steps$/);
  }
  assert.match(entryWords(analysis, [], table), /^Lesion · residual .*stopped after 1 of 62 steps$/);
});

test("a network that did all of its steps, or of which nobody knows, is named as its configuration", async () => {
  const spec = await python.spec({ steps: 62 });
  const asked = { analysis: "lesion", of: "abcdefghij" };
  const whole = { spec, step: 62, state: "finished", analysis: null };
  const analyses = [asked, { ...asked, trained: 62 }].map((analysis) => ({ spec, step: 3, state: "running", analysis }));
  for (const one of [whole, ...analyses]) assert.equal(networkWords(one, table), runWords(spec, table));
});
