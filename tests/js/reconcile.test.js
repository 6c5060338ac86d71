// How the Lab's settings keep each other legal.
import assert from "node:assert/strict";
import { test } from "node:test";
import { lackOf } from "#logic/data.js";
import { completed, fieldAt, studyFieldsOf } from "#logic/fields.js";
import { complete } from "#logic/lab.js";
import { nearestDepth, reconcile } from "#logic/reconcile.js";
import { studySpec } from "#logic/spec.js";
import { python } from "#support/python.js";
import "#support/words.js";

const catalog = await python.catalog();
const table = studyFieldsOf(catalog, "twins");
const start = complete(catalog.presets[0].spec, table);
const known = { catalog, table };
const basic = (family) => fieldAt(table, completed(table, { "net.family": family }), "net.depth");

test("the nearest depth is one that the family can have", async () => {
  const wanted = [-3, 0, 4, 7, 8, 9, 11, 12, 57, 100, 1202, 5000];
  for (const family of await python.families()) {
    const found = wanted.map((depth) => nearestDepth(basic(family), depth));
    const legal = await python.depths(family, found);
    const near = await python.depths(family, wanted);
    found.forEach((depth, i) => {
      assert.ok(legal[i].legal, `${family} ${depth}`);
      assert.ok(near[i].nearest.includes(depth), `${family} ${wanted[i]} -> ${depth}`);
    });
  }
});

test("another family moves the depth and the data it can not take", () => {
  const settled = (before, change) => {
    const [path] = Object.keys(change);
    const { values: next, moved } = reconcile({ ...start, ...before, ...change }, path, known, { ...start, ...before });
    const shown = ["net.family", "net.depth", "data", "net.skip", "against"].map((name) => next[name]);
    return [...shown, moved.map((one) => one.path)];
  };
  assert.deepEqual(settled({}, { data: "spirals" }), ["mlp", 56, "spirals", "identity", "none", ["net.family"]]);
  const mlp = { "net.family": "mlp", "net.depth": 30, data: "spirals" };
  const [family, depth, data, , , moved] = settled(mlp, { "net.family": "convnet" });
  assert.deepEqual([family, data, moved], ["convnet", "digits", ["data", "net.depth"]]);
  assert.ok([26, 32].includes(depth)); // as near
});

test("twins never have the same skip", () => {
  const names = ["none", "identity", "projection"];
  for (const path of ["net.skip", "against"])
    for (const value of names)
      for (const skip of names)
        for (const against of names.filter((one) => one !== skip)) {
          const before = { ...start, "net.skip": skip, against };
          const { values } = reconcile({ ...before, [path]: value }, path, known, before);
          assert.notEqual(values["net.skip"], values.against);
          assert.equal(values[path], value);
        }
});

test("the depths that the form offers are those that a network can have", async () => {
  for (const family of await python.families()) {
    const { minimum: low, maximum: high, step } = basic(family);
    for (const { legal } of await python.depths(family, [low, low + step, high])) assert.ok(legal);
    const [between] = await python.depths(family, [low + 1]);
    assert.ok(!between.legal);
  }
});

test("another choice comes with its own parameters, at their defaults", () => {
  const before = { ...start, "optimizer.lr": 0.3, seed: 5 };
  const { values } = reconcile({ ...before, optimizer: "adam" }, "optimizer", known, before);
  assert.deepEqual(values, { ...completed(table, { optimizer: "adam" }), seed: 5 });
  const { values: same } = reconcile({ ...before, "net.depth": 8 }, "net.depth", known, before);
  assert.deepEqual(same, { ...before, "net.depth": 8 });
});

test("choices that no longer go with the others make way", async () => {
  const needy = ["branches", "placements", "downsamples", "norms", "inits", "skips"].flatMap((list) =>
    catalog[list].flatMap(({ name, needs }) => needs.map((need) => ({ list, name, need, reasons: needs.map(({ why }) => why) }))),
  );
  assert.ok(needy.length > 0);
  for (const { list, name, need, reasons } of needy) {
    const { path } = table.find(({ entries, path: own }) => entries === list && own.startsWith("net."));
    const asked = `net.${need.field}`;
    const but = (field, names) => table.find((one) => one.path === `net.${field}`).choices.filter((one) => !names.includes(one));
    const without = Object.entries(need.unless).map(([field, names]) => [`net.${field}`, but(field, names)[0]]);
    const before = completed(table, { ...start, ...Object.fromEntries(without), [asked]: need.names[0], [path]: name });
    const others = but(need.field, need.names);
    for (const other of others) {
      const { values, moved } = reconcile({ ...before, [asked]: other }, asked, known, before);
      const usual = table.find((field) => field.path === path).default;
      assert.equal(values[path], usual, `${name} with ${other}`);
      assert.ok(reasons.includes(moved.find((one) => one.path === path).words.why));
    }
  }
});

test("two skips that change places leave a pair that can be trained", async () => {
  const skips = ["none", "identity", "rezero", "concat"];
  for (const init of ["he", "zero-gamma"])
    for (const tail of ["none", "stochastic-depth"])
      for (const skip of skips)
        for (const against of skips.filter((one) => one !== skip)) {
          const before = { ...start, "net.skip": skip, against };
          const wanted = completed(table, { ...before, "net.init": init, "net.tail": tail });
          for (const [path, value] of [["net.skip", against], ["against", skip]]) {
            const { values } = reconcile({ ...wanted, [path]: value }, path, known, wanted);
            assert.ok(await python.accepts(studySpec("twins", table, values)), `${init} ${tail} ${skip} ${against} ${path}`);
          }
        }
});

test("a choice that makes way hands on what both have, as in Python", async () => {
  const zero = { name: "zero-gamma", gain: 0.5, fan: "out" };
  const before = complete({ study: "twins", against: "none", base: await python.spec({ net: { init: zero } }) }, table);
  const { values } = reconcile({ ...before, "net.skip": "concat" }, "net.skip", known, before);
  const twin = await python.skipped({ net: { init: zero } }, "concat");
  assert.deepEqual(studySpec("twins", table, values).base.net.init, twin.net.init);
});

test("groups divide the width, whatever was changed", async () => {
  const cases = [
    [{ "net.norm": "group" }, { "net.width": 10 }, "group", 5],
    [{ "net.norm": "group" }, { "net.width": 12 }, "group", 4],
    [{ "net.norm": "group" }, { "net.width": 1 }, "batch", undefined],
    [{ "net.width": 10 }, { "net.norm": "group" }, "group", 5],
    [{ "net.norm": "group", "net.norm.groups": 8 }, { "net.family": "mlp" }, "group", 4],
    [{ "net.norm": "layer", "net.width": 1 }, { "net.family": "mlp" }, "batch", undefined],
  ];
  for (const [earlier, change, norm, groups] of cases) {
    const before = completed(table, { ...start, "net.depth": 56, ...earlier });
    const [path] = Object.keys(change);
    const { values, moved } = reconcile({ ...before, ...change }, path, known, before);
    assert.deepEqual([values["net.norm"], values["net.norm.groups"]], [norm, groups], JSON.stringify(change));
    assert.equal(moved.some(({ because }) => because === "width"), change["net.width"] !== 12);
    assert.ok(await python.accepts(studySpec("twins", table, values)), JSON.stringify([earlier, change]));
  }
});

test("a batch is no larger than the data fill", () => {
  const cases = [
    ["data", {}, 64],
    ["data", { batch_size: 2000 }, 1437],
    ["data", { "data.limit": 50 }, 50],
    ["data", { "data.limit": 50, batch_size: 20 }, 20],
    ["data", { "data.limit": 5000, batch_size: 2000 }, 1437],
    ["data.limit", { "data.limit": 1 }, 64], // on the way to 100, say
    ["data", { "data.limit": 0 }, 64],
    ["data", { "data.limit": -5 }, 64],
    ["data", { "data.limit": 1.5 }, 64],
    ["batch_size", { batch_size: 2000 }, 2000], // what was typed is refused, not mended
  ];
  for (const [path, change, batch] of cases) {
    const values = { ...start, ...change };
    const { values: next, moved } = reconcile(values, path, known);
    assert.equal(next.batch_size, batch);
    assert.deepEqual(moved, batch === values.batch_size ? [] : [{ path: "batch_size", because: "data" }]);
  }
});

test("statistics of augmented images go with what they need", () => {
  const before = { ...start, "data.augment": true, "evaluate.statistics": "augmented" };
  const cases = [
    ["seed", 1, "augmented", []],
    ["data.augment", false, "plain", ["augment"]],
    ["net.norm", "none", "plain", ["norm"]],
  ];
  for (const [path, value, statistics, why] of cases) {
    const { values, moved } = reconcile({ ...before, [path]: value }, path, known, before);
    assert.equal(values["evaluate.statistics"], statistics);
    assert.deepEqual(moved.map(({ because }) => because), why);
  }
});

test("images are resized where they must be, or are to be", () => {
  const cases = [
    ["data", "folder:photos", null, 64], // of several sizes: a usual one
    ["data", "folder:photos", 32, 32],
    ["data.resize", "folder:photos", null, 64], // never none
    ["data", "folder:icons", 64, null], // of one size: as they are
    ["data.resize", "folder:icons", 16, 16], // unless asked for
    ["data", "digits", 64, null],
    ["data.resize", "digits", 64, null],
    ["data", "folder:gone", 32, null],
  ];
  const own = (name, resize) => ({ name, resize, kind: "image", train_size: 24 });
  const data = [...catalog.data, own("folder:photos", 64), own("folder:icons", null)];
  for (const [path, name, size, settled] of cases) {
    const values = { ...start, data: name, "data.resize": size, batch_size: 8 };
    const { values: next, moved } = reconcile(values, path, { catalog: { ...catalog, data }, table });
    assert.equal(next["data.resize"], settled, `${path} ${name} ${size}`);
    assert.deepEqual(moved.map((change) => change.path), settled === size ? [] : ["data.resize"]);
  }
});

test("own images of several sizes say what to set", () => {
  const photos = { name: "folder:photos", title: "photos", resize: 64 };
  const lack = (spec) => lackOf(spec, { data: [photos], unusable: [] });
  const refused = lack({ data: "folder:photos" });
  assert.match(refused, /Resize images to/);
  assert.equal(lack({ data: "folder:photos", "data.resize": null }), refused);
  assert.equal(lack({ data: { name: "folder:photos", resize: 32 } }), "");
  assert.equal(lack({ data: "folder:photos", "data.resize": 32 }), "");
});
