// What the list of runs works out: labels, filters, two paged lists as one, short words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { labels } from "#logic/specdiff.js";
import { fieldsOf } from "#logic/fields.js";
import * as filter from "#logic/filter.js";
import { afterEvent } from "#logic/run.js";
import * as specwords from "#logic/specwords.js";
import { python } from "#support/python.js";
import { random } from "#support/random.js";
import { plain } from "#support/words.js";

const catalog = await python.catalog();
const table = fieldsOf(catalog);
const labelsOf = async (settings) => {
  const specs = await Promise.all(settings.map((one) => python.spec(one)));
  return labels(specs, specwords.settingWords, (one) => specwords.usualOf(one, table));
};

test("a label says what differs and nothing else", async () => {
  const cases = [
    [[{}, { net: { skip: "none" } }], ["residual", "plain"]],
    [
      [{}, { net: { depth: 20 } }, { net: { depth: 20 }, seed: 3 }],
      ["56 layers, seed 0", "20 layers, seed 0", "20 layers, seed 3"],
    ],
    [[{}, {}], ["1", "2"]],
    [[{}, { optimizer: { name: "adam", lr: 0.01 } }, { optimizer: "adam" }], ["SGD", "Adam, lr 0.01", "Adam"]],
    [[{}, { data: { name: "digits", limit: 100 } }], ["all examples", "100 examples"]],
    [
      [{ data: { name: "digits", limit: 100, augment: true } }, { seed: 1 }],
      ["100 examples, augmented, seed 0", "all examples, not augmented, seed 1"],
    ],
    [
      [{ data: { name: "digits", label_noise: 0.2 } }, { data: { name: "mnist" } }],
      ["digits, 20\u00a0% of labels wrong", "mnist, 0\u00a0% of labels wrong"],
    ],
    [[{ data: { name: "digits" } }, { data: "digits", steps: 300 }], ["200 steps", "300 steps"]],
  ];
  for (const [settings, expected] of cases) assert.deepEqual(await labelsOf(settings), expected);
});

test("labels are always distinct", async () => {
  const next = random(0);
  const one = (...of) => of[Math.floor(next() * of.length)];
  const some = Array.from({ length: 20 }, () => ({
    net: { depth: one(8, 20), skip: one("none", "identity") },
    steps: one(100, 200),
    optimizer: one("sgd", "adam"),
  }));
  const found = await labelsOf(some);
  assert.equal(new Set(found).size, found.length);
});

/** An entry of the list: a run, or a study with one run. */
function entry(id, created, { kind = "run", state = "finished", mine = false } = {}) {
  const one = { id, created, state, mine, study: null, result: null };
  return kind === "run" ? one : { ...one, study: kind, runs: [{ ...one, study: id }] };
}

test("the filter lets through what was asked for", () => {
  const entries = [
    entry("a", "4", { mine: true }),
    entry("b", "3", { kind: "twins", state: "failed" }),
    entry("c", "2", { kind: "depth", state: "running" }),
    entry("d", "1", { state: "queued" }),
  ];
  const words = { a: "plain, depth 56", b: "", c: "depth 8", d: "" };
  const cases = [
    [{}, ["a", "b", "c", "d"]],
    [{ kind: "twins" }, ["b"]],
    [{ kind: "run" }, ["a", "d"]],
    [{ state: "live" }, ["c", "d"]],
    [{ state: "failed" }, ["b"]],
    [{ mine: true }, ["a"]],
    [{ text: "DEPTH 56" }, ["a"]],
    [{ text: "56 depth", state: "live" }, []],
  ];
  for (const [filters, expected] of cases) {
    const asked = { ...filter.EVERYTHING, ...filters };
    assert.deepEqual(entries.filter((e) => filter.passes(e, asked, words[e.id])).map(({ id }) => id), expected);
  }
});

test("runs are found by their settings, and none finds the plain", async () => {
  const nets = {
    plain: { skip: "none" },
    residual: {},
    bare: { norm: "none", width: 16 },
    rezero: { family: "mlp", skip: { name: "rezero", start: 0.5 } },
  };
  const cases = [
    ["none", ["plain"]],
    ["skip none", ["plain"]],
    ["rezero", ["rezero"]],
    ["start 0.5", ["rezero"]],
    ["mlp", ["rezero"]],
    ["width 16", ["bare"]],
    ["digits", Object.keys(nets)],
    ["null", []],
  ];
  for (const [text, expected] of cases) {
    const found = [];
    for (const [name, net] of Object.entries(nets)) {
      const words = filter.settingsOf(await python.spec({ net }));
      if (filter.passes(entry(name, "1"), { ...filter.EVERYTHING, text }, words)) found.push(name);
    }
    assert.deepEqual(found, expected);
  }
});

test("filter and overlay come back from the address", () => {
  const asked = { state: "diverged", kind: "sweep", text: "lr 0.1 & more", mine: true };
  const ids = ["abcdefghij", "klmnopqrst"];
  const query = filter.toAddress(asked, ids);
  assert.deepEqual(filter.fromAddress(query), asked);
  assert.deepEqual(filter.overlaid(query), ids);
  const bad = "?state=nonsense&kind=<b>&overlay=../x,abcdefghij,abcdefghij";
  assert.deepEqual(filter.fromAddress(bad), { state: "", kind: "", text: "", mine: false });
  assert.deepEqual(filter.overlaid(bad), ["abcdefghij"]);
});

test("two paged lists read as one, newest first", () => {
  const next = random(1);
  const times = Array.from({ length: 60 }, (_, minute) => `2026-01-01T00:${String(minute).padStart(2, "0")}:00Z`)
    .map((time) => [next(), time])
    .sort(([a], [b]) => a - b)
    .map(([, time]) => time);
  const newestFirst = (entries) => entries.toSorted((a, b) => (a.created < b.created ? 1 : -1));
  const studies = newestFirst(times.slice(0, 25).map((at, i) => entry(`s${i}`, at, { kind: "twins" })));
  const own = times.slice(25).map((at, i) => entry(`r${i}`, at));
  // A study's runs are in the list of runs as well, and must not be listed twice.
  const inner = studies.map(({ id, runs: [run] }) => ({ ...run, id: `${id}-0` }));
  const all = { studies, runs: newestFirst([...own, ...inner]) };
  const lists = { studies: { items: [], next: "" }, runs: { items: [], next: "" } };
  const shown = [];
  for (let name; (name = filter.behind(lists.studies, lists.runs)); ) {
    const read = lists[name].items.length + 7;
    lists[name] = { items: all[name].slice(0, read), next: read < all[name].length ? "more" : null };
    shown.push(filter.merged(lists.studies, lists.runs).map(({ id }) => id));
  }
  const expected = newestFirst([...studies, ...own]).map(({ id }) => id);
  assert.deepEqual(shown.at(-1), expected);
  // What was once shown never moves: a page more only adds to the end.
  for (const before of shown) assert.deepEqual(before, expected.slice(0, before.length));
});

test("a run says of its data what is not the default", async () => {
  const cases = [
    ["digits", ""],
    [{ name: "digits", limit: 100 }, ", 100 examples"],
    [{ name: "digits", shuffle: false }, ", not shuffled"],
    [{ name: "digits", augment: true }, ", augmented"],
    [{ name: "digits", label_noise: 0.2 }, ", 20\u00a0% of labels wrong"],
  ];
  for (const [data, words] of cases) {
    assert.equal(specwords.runWords(await python.spec({ data }), table), `residual convnet, 56 layers${words}`);
  }
});

test("a preset is called by its name", async () => {
  for (const { title, spec } of await python.presets()) {
    const one = { ...entry("a", "1", { kind: "twins" }), spec };
    assert.ok(specwords.entryWords(one, catalog.presets, table).startsWith(`${title} · plain against residual`));
  }
});

test("settings without words of their own have the catalogue's titles", () => {
  assert.equal(specwords.settingWords("net.skip.start", 0.5), "factor at the start: 0.5");
  assert.equal(specwords.settingWords("net.branch", "bottleneck"), "branch: Bottleneck");
  assert.equal(specwords.settingWords("net.activation", "tanh"), "tanh");
});

test("a study in short words", async () => {
  const cases = [
    [{ study: "depth" }, "Depth 8, 20, 56 · plain + residual · convnet · 3 seeds"],
    [
      { study: "sweep", values: [0.01, 0.1], base: { net: { depth: 8, family: "mlp" }, steps: 20 } },
      "Learning rate 0.01, 0.1 · plain + residual · mlp 8 layers · 20 steps · 1 seed",
    ],
    [
      { study: "sweep", field: "net.norm", values: ["none", "batch"], seeds: [0, 1] },
      "Normalisation no norm, batch norm · plain + residual · convnet 56 layers · 2 seeds",
    ],
    [
      { study: "twins", base: { net: { depth: 20 }, optimizer: "adam", seed: 4 } },
      "convnet 20 layers · plain against residual · Adam · seed 4",
    ],
  ];
  for (const [study, words] of cases) {
    const spec = await python.study(study);
    const one = { ...entry("a", "1", { kind: spec.study }), spec };
    assert.equal(specwords.entryWords(one, catalog.presets, table), words);
  }
});

test("an error from before the ending says its step", () => {
  const cases = [
    [149, "training error 50 %, test 75 %"],
    [100, "training error 50 %, test 75 % at step 100"],
  ];
  for (const [evaluated, words] of cases) {
    const result = { step: 149, evaluated, train_error: 0.5, test_error: 0.75 };
    assert.equal(plain(specwords.resultWords({ state: "stopped", step: 149, result })), words);
  }
});

test("a run that diverged is told by what its loss became", () => {
  // As a page knows it from events, and as the server keeps it.
  const cases = [
    ["nan", "the loss became NaN at step 3"],
    ["infinite", "the loss became infinite at step 3"],
  ];
  for (const [became, words] of cases) {
    const run = { state: "running", step: 2, last_seq: 8, result: { train_error: 0.5 } };
    const ending = { seq: 9, type: "finished", step: 3, diverged: true, became };
    assert.equal(specwords.resultWords(afterEvent(run, ending)), words);
  }
});

test("a run without errors is told by its losses", () => {
  // As of a regression: the server keeps null for what the task has not.
  const errors = { train_error: null, test_error: null };
  const result = { step: 9, evaluated: 9, ...errors, train_loss: 0.04213, test_loss: 1.0 };
  assert.equal(specwords.resultWords({ state: "finished", step: 9, result }), "training loss 0.0421, test 1");
});
