// A strip of boxes: their order, shortcuts and colours.
import assert from "node:assert/strict";
import { test } from "node:test";
import { decades } from "#charts/numbers.js";
import { at, placeOf } from "#logic/colour.js";
import { SHORTCUTS, boxAt, boxes, moved, shortcuts } from "#logic/strip.js";
import { python } from "#support/python.js";
import "#support/words.js";

test("a place on a scale has a colour between those of its stops", () => {
  const stops = [[0, "#000000"], [0.5, "#102030"], [1, "#ffffff"]];
  assert.deepEqual([-2, 0, 0.25, 0.5, 1, 7].map((place) => at(place, stops)),
    ["#000000", "#000000", "#081018", "#102030", "#ffffff", "#ffffff"]);
});

test("a colour scale grows by decades, and marks what has no place", () => {
  const grown = decades([0.02, 3, null, 0]);
  assert.deepEqual(grown, [-2, 1]);
  assert.deepEqual(decades([0.5], grown), [-2, 1]);
  assert.deepEqual(decades([1e-30], grown), [-30, 1]);
  assert.equal(decades([0, null]), null);
  assert.deepEqual(decades([1]), [-1, 0]);
  assert.deepEqual(placeOf(0, grown), { kind: "zero" });
  assert.deepEqual(placeOf(null, grown), { kind: "lost" });
  assert.deepEqual(placeOf(undefined, grown), { kind: "unknown" });
  assert.ok(Math.abs(placeOf(0.1, grown).place - 1 / 3) < 1e-12);
});

for (const perStage of [1, 9, 200]) {
  test(`the boxes of a strip stand in order and fill it: ${perStage} a stage`, () => {
    const stages = [[8, 8, 8], [16, 4, 4], [32, 2, 2]];
    const points = [
      { name: "stem", kind: "stem", shape: [8, 8, 8] },
      ...stages.flatMap((shape) => Array.from({ length: perStage }, () => ({ name: "block", kind: "block", shape }))),
      { name: "head", kind: "head", shape: [10] },
    ];
    const all = boxes(points, 1000);
    const count = 3 * perStage + 2;
    assert.equal(all.length, count);
    all.slice(1).forEach((box, i) => assert.ok(all[i].x + all[i].width <= box.x + 1e-9));
    assert.ok(all[0].x >= 0);
    assert.ok(all.at(-1).x + all.at(-1).width <= 1000 + 1e-6);
    // Where a stage begins the shapes differ, so that its shortcut is another.
    const changes = all.flatMap((box, i) => (box.changes ? [i] : []));
    assert.deepEqual(changes, [1 + perStage, 1 + 2 * perStage]);
    assert.deepEqual(all.map((box) => boxAt(all, box.x + box.width / 2)), [...all.keys()]);
    const last = count - 1;
    const page = Math.max(1, Math.round(count / 8));
    const to = (key, from) => moved(key, from, count);
    assert.deepEqual([to("Home", 0), to("End", 0), to("ArrowRight", 0), to("ArrowLeft", 0)], [0, last, 1, 0]);
    assert.deepEqual([to("PageUp", 0), to("x", 0)], [Math.min(last, page), null]);
    assert.deepEqual([to("ArrowRight", null), to("ArrowLeft", null)], [0, last]);
  });
}

test("each skip is drawn as its entry says", async () => {
  const { skips } = await python.catalog();
  const { parts, net } = await python.shortcuts({ depth: 14 });
  const drawn = (skip) => new Set(shortcuts(boxes(parts, 1000), { ...net, skip }).filter(Boolean));
  const kinds = { "": [], arc: ["identity", "pad"], learned: ["projection"] };
  for (const { name, drawing } of skips) {
    assert.deepEqual(drawn({ name }), new Set(kinds[drawing] ?? [drawing]), name);
    for (const kind of drawn(name)) assert.ok(SHORTCUTS.includes(kind));
  }
});

test("a shortcut is drawn as a projection where the network has one", async () => {
  const choices = [
    { skip: "none" },
    { skip: "identity" },
    { skip: "identity", downsample: "project" },
    { skip: "projection" },
  ];
  for (const choice of choices) {
    const { net, parts, learned } = await python.shortcuts({ depth: 14, ...choice });
    const kinds = shortcuts(boxes(parts, 1000), net);
    const drawn = parts.map(({ name }) => name).filter((_, i) => kinds[i] === "projection");
    assert.deepEqual(drawn.sort(), learned);
    const padded = choice.skip === "identity" && !choice.downsample ? 2 : 0;
    assert.equal(kinds.filter((kind) => kind === "pad").length, padded);
    assert.equal(kinds.filter(Boolean).length, choice.skip === "none" ? 0 : 6);
  }
});
