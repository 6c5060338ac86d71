// The link holds the whole configuration: what the page writes, the server's own spec agrees to.
import assert from "node:assert/strict";
import { test } from "node:test";
import { againLink } from "#logic/againlink.js";
import { fieldsOf, studyFieldsOf } from "#logic/fields.js";
import { complete } from "#logic/lab.js";
import { parse, write } from "#logic/link.js";
import { flatten, studySpec } from "#logic/spec.js";
import { toStudy } from "#logic/sweep.js";
import { planOf } from "#logic/sweeplink.js";
import { python } from "#support/python.js";
import "#support/words.js";

const catalog = await python.catalog();
const table = studyFieldsOf(catalog, "twins");
const defaults = parse("", table).values;
const { measures } = catalog.studies.find(({ name }) => name === "twins"); // what the Lab asks for
/** Where an exported page leads back to, from a server below a path. */
const again = (entry) => new URL(againLink(entry, catalog), "http://localhost/below/");

const BASES = [
  {},
  { net: { family: "mlp", depth: 32, width: 32, norm: "none", init: "default" } },
  { optimizer: { name: "adam", lr: 0.01, beta1: 0.5, beta2: 0.9, weight_decay: 0.1 } },
  { optimizer: { name: "sgd", lr: 1e-5, momentum: 0.0, weight_decay: 0.0 } },
  { data: { name: "digits", limit: 100, shuffle: false }, batch_size: 10 },
  { data: "spirals", net: { family: "mlp", depth: 4 } },
  { every: 3, evaluate: { every: 7, limit: 50 }, seed: 2 ** 32 - 1, steps: 1 },
  { changes: [{ step: 5, set: { "optimizer.lr": 0.5 } }], device: "cpu" },
  { net: { skip: "scaled", downsample: "project", activation: "tanh" } },
];

const twins = (base) => python.study({ study: "twins", base });

for (const base of BASES) {
  test(`a link carries every setting: ${JSON.stringify(base)}`, async () => {
    const whole = await twins(base);
    const read = parse(write(complete(whole, table), table), table);
    assert.deepEqual(read.problems, []);
    assert.deepEqual(await python.study(studySpec("twins", table, read.values)), whole);
  });

  test(`an exported page leads back to what it shows: ${JSON.stringify(base)}`, async () => {
    const whole = await twins(base);
    const { pathname, search } = again({ study: "twins", runs: [], spec: whole });
    const read = parse(search, table);
    assert.equal(pathname, "/below/");
    assert.deepEqual(read.problems, []);
    assert.deepEqual(await python.study(studySpec("twins", table, read.values)), whole);
  });
}

test("an exported run leads to itself beside its twin", async () => {
  for (const [skip, other] of [["none", "identity"], ["projection", "projection"]]) {
    const spec = await python.spec({ net: { skip, depth: 20 } });
    const { pathname, search } = again({ study: null, spec });
    const { values } = parse(search, table);
    assert.equal(pathname, "/below/");
    assert.deepEqual([values["net.skip"], values.against, values["net.depth"]], [other, "none", 20]);
  }
});

test("an exported sweep leads to its plan", async () => {
  const studies = [
    { study: "depth", depths: [4, 8], seeds: [0, 2], base: { net: { family: "mlp" } } },
    { study: "sweep", values: [0.5, 1], skips: ["none"] },
    { study: "sweep", field: "net.init", values: ["he", "default"] },
  ];
  for (const study of studies) {
    const whole = await python.study(study);
    const { pathname, search } = again({ study: whole.study, runs: [], spec: whole });
    const { plan, problems } = planOf(search, catalog);
    assert.equal(pathname, "/below/depth");
    assert.deepEqual(problems, []);
    assert.deepEqual(await python.study(toStudy(plan)), whole);
  }
});

test("a link without settings is the default run, with what the Lab shows of it", async () => {
  const said = studySpec("twins", table, defaults);
  assert.deepEqual(await python.spec(said.base), await python.spec({ measures }));
  assert.equal(said.against, "none");
});

test("a link says only what differs", async () => {
  const whole = await twins({ net: { depth: 20 }, optimizer: "adam", data: "digits", measures });
  assert.equal(write(complete(whole, table), table), "?v=2&net.depth=20&optimizer=adam");
});

test("a link may name a pair that is shown", () => {
  assert.equal(write(defaults, table, { study: "abc" }), "?v=2&study=abc");
  assert.equal(parse("?v=2&study=abc", table).study, "abc");
});

test("what a link says wrong is told, and takes its default", () => {
  const cases = [
    ["?net.depth=many", "net.depth", "integer"],
    ["?net.depth=", "net.depth", "integer"],
    ["?net.depth=0x20", "net.depth", "integer"],
    ["?net.depth=5.5", "net.depth", "integer"],
    ["?net.depth=99999", "net.depth", "range"],
    ["?optimizer.lr=0", "optimizer.lr", "range"],
    ["?optimizer.lr=1e999", "optimizer.lr", "number"],
    ["?optimizer.momentum=1", "optimizer.momentum", "range"],
    ["?net.skip=magic", "net.skip", "choice"],
    ["?data.shuffle=yes", "data.shuffle", "boolean"],
    ["?colour=red", "colour", "unknown"],
    ["?optimizer=adam&optimizer.momentum=0.5", "optimizer.momentum", "absent"],
    ["?changes=%5B", "changes", "json"],
    ["?v=3", "v", "version"],
    ["?__proto__=1", "__proto__", "unknown"],
  ];
  for (const [link, name, fault] of cases) {
    const said = parse(link, table);
    assert.deepEqual(said.problems.map((one) => [one.name, one.fault]), [[name, fault]], link);
    for (const path of ["net.depth", "net.skip", "data.shuffle", "changes"]) {
      assert.deepEqual(said.values[path], defaults[path]);
    }
  }
});

test("every setting of a run is in the table", async () => {
  const paths = fieldsOf(catalog).map(({ path }) => path);
  // The bare name of the data set stands for its parameters as well.
  for (const path of Object.keys(flatten(await python.spec({})))) assert.ok(paths.includes(path), path);
  for (const path of ["data.limit", "data.shuffle", "optimizer.beta1", "evaluate.limit"]) {
    assert.ok(paths.includes(path), path);
  }
});

test("a list may be empty where the server takes it so", async () => {
  const { values, problems } = parse("?v=2&measures=", table);
  assert.deepEqual([values.measures, problems], [[], []]);
  assert.ok(await python.accepts(studySpec("twins", table, values)));
  assert.equal(parse(write(values, table), table).values.measures.length, 0);
  for (const name of ["values", "skips", "seeds"]) {
    const own = studyFieldsOf(catalog, "sweep");
    assert.deepEqual(parse(`?v=2&${name}=`, own).problems.map(({ fault }) => fault), ["list"], name);
  }
});

test("every setting has a title", () => {
  const fields = ["twins", "depth", "sweep"].flatMap((name) => studyFieldsOf(catalog, name));
  assert.deepEqual(fields.filter(({ title }) => !title), []);
});

test("links of version 1 are read", async () => {
  const first = { "net.family": "mlp", "net.block": "basic", "net.downsample": "project", "data.name": "moons", "optimizer.name": "adam" };
  for (const version of ["", "v=1&"]) {
    const { values, problems } = parse(`?${version}${new URLSearchParams(first)}`, table);
    assert.deepEqual(problems, []);
    const { base } = studySpec("twins", table, values);
    const old = { version: 1, net: { family: "mlp", block: "basic", downsample: "project" }, data: "moons", optimizer: "adam" };
    assert.deepEqual(await python.spec(base), { ...(await python.spec(old)), measures });
  }
  for (const skip of ["none", "identity", "projection"]) {
    const { values, problems } = parse(`?net.skip=${skip}&net.downsample=project&against=rezero`, table);
    assert.deepEqual(problems, []);
    const old = { version: 1, net: { skip, downsample: "project" } };
    assert.deepEqual(await python.spec(studySpec("twins", table, values).base), { ...(await python.spec(old)), measures });
  }
  const { problems } = parse(`?v=2&${new URLSearchParams(first)}`, table);
  assert.deepEqual(new Set(problems.map(({ name }) => name)), new Set(["net.block", "net.downsample", "data.name", "optimizer.name"]));
});

test("a choice's parameters go through a link", async () => {
  for (const skip of ["rezero", { name: "scaled", shortcut: 0.5, branch: 0.25 }, { name: "hyper", copies: 2 }]) {
    const whole = await twins({ net: { skip } });
    const { values, problems } = parse(write(complete(whole, table), table), table);
    assert.deepEqual(problems, []);
    assert.deepEqual(await python.study(studySpec("twins", table, values)), whole);
  }
});
