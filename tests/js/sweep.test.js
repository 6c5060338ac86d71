// What a sweep may be, held against the server's own spec.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as sweep from "#logic/sweep.js";
import { linkOf, planOf } from "#logic/sweeplink.js";
import { python } from "#support/python.js";
import "#support/words.js";

const catalog = await python.catalog();
const base = await python.spec({});
const mlp = await python.spec({ net: { family: "mlp" } });
const range = (from, to, step = 1) => Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);

test("a link brings every sweep back", async () => {
  const studies = [
    { study: "depth" },
    { study: "depth", depths: [4, 8], base: { net: { family: "mlp" }, steps: 30 } },
    { study: "depth", skips: ["projection"], seeds: [7], base: { optimizer: "adam" } },
    { study: "sweep" },
    { study: "sweep", values: [0.5], base: { data: { name: "digits", limit: 100 } } },
    { study: "sweep", field: "net.init", values: ["he", "default"] },
    { study: "sweep", field: "batch_size", values: [16, 64], seeds: [1, 2] },
  ];
  for (const study of studies) {
    const whole = await python.study(study);
    const read = planOf(linkOf(sweep.fromStudy(whole), catalog, "abcdefghij"), catalog);
    assert.deepEqual(read.problems, []);
    assert.equal(read.study, "abcdefghij");
    assert.deepEqual(await python.study(sweep.toStudy(read.plan)), whole);
  }
});

test("a link that means nothing is named, and has its default", async () => {
  for (const search of ["?values=", "?values=[0.1", "?values=[null]", "?depths=a,b", "?depht=8"]) {
    const { problems, plan } = planOf(search, catalog);
    assert.equal(problems.length, 1, search);
    assert.ok(await python.accepts(sweep.toStudy(plan)), search);
  }
});

test("what is offered first is legal for every field, and at each depth", async () => {
  const nets = [
    {}, { family: "mlp" }, { width: 2 }, { family: "mlp", width: 1, norm: "none" }, { norm: "group" },
    { family: "mlp", width: 8, norm: "layer" }, { init: "zero-gamma" }, { branch: "single" }, { skip: "scaled" },
  ];
  const others = [{ optimizer: "adam" }, { data: { name: "digits", limit: 100 } }, { batch_size: 1, net: { norm: "none" } }];
  const bases = await Promise.all([...nets.map((net) => ({ net })), ...others].map((one) => python.spec(one)));
  for (const own of bases)
    for (const skips of [["none", "identity"], ["concat", "rezero"]])
      for (const values of [[8], [20, 56]])
        for (const field of await python.sweepable()) {
          const plan = { field: "net.depth", values, skips, seeds: [0], base: own };
          const base = { ...own, net: { ...own.net, depth: values.at(-1) } };
          if (!sweep.ruleFor(field, base, catalog)) continue; // an mlp has no shapes that change
          const next = sweep.moved(plan, field, catalog);
          assert.deepEqual(sweep.faults(next, catalog), []);
          assert.equal(next.base.net.depth, values.at(-1));
          assert.ok(await python.accepts(sweep.toStudy(next)), `${JSON.stringify(own.net)} ${field} ${next.values}`);
          if (!sweep.ruleFor(field, base, catalog).choices.length) assert.ok(next.values.length > 1, field);
        }
});

test("only one's own images are brought to another size, and only labels can be wrong", async () => {
  const rule = (field, data) => sweep.ruleFor(field, { ...base, data }, catalog);
  assert.equal(rule("data.resize", "digits"), null);
  assert.equal(rule("data.label_noise", "identity"), null);
  const photos = await python.spec({ data: "folder:photos" });
  assert.equal(sweep.ruleFor("data.resize", photos, catalog).minimum, 8);
  const plan = { field: "net.depth", values: [8], skips: ["none"], seeds: [0], base: photos };
  assert.ok(await python.accepts(sweep.toStudy(sweep.moved(plan, "data.resize", catalog))));
});

test("another skip takes the choices away that do not go with it", async () => {
  const plan = { field: "net.init", values: ["he", "zero-gamma"], skips: ["identity"], seeds: [0], base: await python.spec({ net: { placement: "original" } }) };
  assert.deepEqual(sweep.faults(plan, catalog), []);
  const more = { ...plan, skips: ["none", "identity"] };
  assert.deepEqual(sweep.rebased(more, plan.base, catalog).values, ["he"]);
  assert.deepEqual(sweep.rebased({ ...more, values: ["zero-gamma"] }, plan.base, catalog).values[0], "he");
});

test("legal depths are those of the server", async () => {
  const depths = [-2, 0, ...range(1, 140), 1024, 1025, 1202, 1203, 1208];
  for (const own of [base, mlp]) {
    const rule = sweep.ruleFor("net.depth", own, catalog);
    const expected = await python.depths(own.net.family, depths);
    depths.forEach((depth, i) => {
      assert.equal(sweep.allows(rule, depth), expected[i].legal, `${own.net.family} ${depth}`);
      assert.deepEqual(sweep.nearest(rule, depth), expected[i].nearest, `${own.net.family} ${depth}`);
    });
  }
});

test("legal numbers are those of the server", async () => {
  const cases = [
    ["optimizer.lr", [0, -1, 1e-9, 100, 100.1]],
    ["optimizer.momentum", [0, 0.99, 1, -0.1]],
    ["optimizer.weight_decay", [0, 1, 1.01]],
    ["batch_size", [0, 1, 2, 2.5, 1437, 1438, 4096]],
    ["steps", [0, 1, 100_000, 100_001]],
    ["net.width", [0, 1, 1024, 1025]],
  ];
  for (const [field, values] of cases) {
    const rule = sweep.ruleFor(field, base, catalog);
    for (const value of values) {
      assert.equal(sweep.allows(rule, value), await python.legal(field, value), `${field} ${value}`);
    }
  }
});

test("a plan that the server would refuse has a fault", async () => {
  const good = { field: "net.depth", values: [8], skips: ["none"], seeds: [0], base };
  const cases = [
    [{}, []],
    [{ values: [] }, ["empty"]],
    [{ seeds: [], skips: [] }, ["empty", "empty"]],
    [{ values: [9] }, ["illegal"]],
    [{ values: range(8, 8 + 6 * 21, 6) }, ["many"]],
    [{ values: range(8, 8 + 6 * 20, 6), seeds: range(0, 11) }, ["runs"]],
  ];
  for (const [change, problems] of cases) {
    const plan = { ...good, ...change };
    assert.deepEqual(sweep.faults(plan, catalog).map(({ problem }) => problem), problems);
    assert.equal(await python.accepts(sweep.toStudy(plan)), problems.length === 0);
  }
});

test("another family keeps the plan legal", async () => {
  const plan = { field: "net.depth", values: [4, 10, 64], skips: ["none"], seeds: [0], base: mlp };
  const study = await python.study(sweep.toStudy(sweep.rebased(plan, base, catalog)));
  assert.deepEqual([study.study, study.depths], ["depth", [8, 14, 68]]);
});

test("a sweep of images that are not here says so and breaks nothing", async () => {
  const gone = await python.spec({ data: "folder:gone" });
  const plan = { field: "batch_size", values: [16], skips: ["none"], seeds: [0], base: gone };
  const [fault, ...others] = sweep.faults(plan, catalog);
  assert.deepEqual(others, []);
  assert.equal(fault.field, "data");
  assert.match(fault.why, /^folder:gone is not on this machine/);
  assert.equal(sweep.ruleFor("batch_size", gone, catalog).maximum, 4096);
});
