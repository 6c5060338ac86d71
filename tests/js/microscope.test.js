// The microscope: vectors head to tail, where a block's pieces stand, and what is known of a block.
import assert from "node:assert/strict";
import { test } from "node:test";
import { WIDTH, layout } from "#logic/blocklayout.js";
import { arrowsOf, barsOf, extent, plane } from "#logic/gradientarrows.js";
import { anatomyOf, gainOf, headToTail, neighbour, valueAt, wholeOf } from "#logic/microscope.js";
import { magnitudes, random } from "#support/random.js";
import { python } from "#support/python.js";
import "#support/words.js";

const close = (one, other, within = 1e-9) => assert.ok(Math.abs(one - other) <= within * Math.max(1e-300, Math.abs(other)), `${one} is not ${other}`);
const norm = (vector) => Math.hypot(...vector);

/** Pairs of vectors in ten dimensions, at very different sizes. */
function pairs(count) {
  const next = random(1);
  const vector = (size) => Array.from({ length: 10 }, () => size * (next() - 0.5));
  return magnitudes(count, -30, 20, 2).map((size) => [vector(size), vector(size * (0.1 + next()))]);
}

test("arrows have the lengths and the angle of the vectors that they stand for, at any size", () => {
  for (const [shortcut, branch] of pairs(50)) {
    const sum = shortcut.map((value, i) => value + branch[i]);
    const found = headToTail(norm(shortcut), norm(branch), norm(sum));
    const cosine = shortcut.reduce((total, value, i) => total + value * branch[i], 0) / (norm(shortcut) * norm(branch));
    assert.ok(Math.abs(found.cosine - cosine) < 1e-9);
    assert.ok(Math.abs(Math.cos((found.angle * Math.PI) / 180) - cosine) < 1e-9);
    close(norm(found.head), norm(shortcut));
    close(norm([found.tip[0] - found.head[0], found.tip[1] - found.head[1]]), norm(branch));
    close(norm(found.tip), norm(sum), 1e-6);
  }
});

test("vectors that point the same way, against each other, and at right angles", () => {
  assert.equal(Math.round(headToTail(3, 4, 5).angle), 90);
  assert.equal(headToTail(1, 1, 2).angle, 0);
  assert.equal(headToTail(2, 1, 1).angle, 180);
  assert.deepEqual(headToTail(0.3, 0.1, 0.4000000001).angle, 0); // rounded beyond a straight line
});

test("what is 0 or too short has no direction, and lengths that no triangle has are no vectors", () => {
  assert.equal(headToTail(1, 0, 1).angle, null);
  assert.deepEqual(headToTail(0, 2, 2).tip, [2, 0]);
  assert.equal(headToTail(1, 1e-6, 1).angle, null); // seven digits don't tell
  assert.deepEqual(headToTail(0, 0, 0).tip, [0, 0]);
  assert.equal(headToTail(1, 1, 5), null);
  for (const missing of [undefined, null, NaN]) assert.equal(headToTail(1, missing, 1), null);
});

test("the branch's share of a sum and both lengths tell the sum's", () => {
  for (const [shortcut, branch] of pairs(50)) {
    const sum = shortcut.map((value, i) => value + branch[i]);
    const share = branch.reduce((total, value, i) => total + value * sum[i], 0) / norm(sum) ** 2;
    if (Math.abs(1 - 2 * share) < 0.05) continue;
    close(wholeOf({ shortcut: norm(shortcut), branch: norm(branch), share }), norm(sum), 1e-6);
  }
  assert.equal(wholeOf({ shortcut: 1, branch: 1, share: 0.5 }), undefined); // any sum would do
  assert.equal(wholeOf({ shortcut: 1, branch: undefined, share: 0.5 }), undefined);
});

const adding = { adds: true, drawing: "arc" };
const block = (roads, arrived) => ({ entry: adding, backward: { y: arrived }, roads });

test("arrows are drawn in units of what arrives, and fit into their box with all that are compared", () => {
  const one = block(headToTail(3, 4, 5), 2);
  const other = { entry: { adds: false, drawing: "" }, backward: { x: 30, y: 10 }, roads: null };
  const kinds = (arrows) => arrows.map(({ kind }) => kind);
  assert.deepEqual(kinds(arrowsOf(one)), ["shortcut", "branch", "whole"]);
  assert.deepEqual(kinds(arrowsOf(other)), ["branch"]);
  const [, , whole] = arrowsOf(one);
  close(norm(whole.to), 2.5);
  assert.deepEqual(barsOf(one).map(({ kind, row, to }) => [kind, row, Number(to.toFixed(9))]),
    [["arrives", 0, 1], ["shortcut", 1, 1.5], ["branch", 1, 3.5], ["whole", 2, 2.5]]);
  const reach = extent([...arrowsOf(one), ...arrowsOf(other)], [...barsOf(one), ...barsOf(other)]);
  const { width, height, unit, place } = plane(reach, reach);
  for (const { from, to } of [...arrowsOf(one), ...arrowsOf(other)]) {
    const [[x1, y1], [x2, y2]] = [place(from), place(to)];
    close(Math.hypot(x2 - x1, y2 - y1), unit * Math.hypot(to[0] - from[0], to[1] - from[1]));
    for (const x of [x1, x2]) assert.ok(x >= 0 && x <= width);
    for (const y of [y1, y2]) assert.ok(y >= 0 && y <= height);
  }
});

test("nothing is drawn where the gradient, or one of its parts, was not recorded or is 0", () => {
  assert.deepEqual(arrowsOf(block(null, 2)), []);
  assert.deepEqual(arrowsOf(block(headToTail(1, 1, 1), 0)), []);
  assert.deepEqual(barsOf(block(headToTail(1, 1, 1), undefined)), []);
  assert.deepEqual(arrowsOf({ entry: { adds: false, drawing: "onward" }, backward: { x: 1, y: 1 } }), []);
  assert.deepEqual([gainOf({ x: 3, y: 2 }), gainOf({ x: 3, y: 0 }), gainOf({ x: undefined, y: 2 })], [1.5, undefined, undefined]);
});

test("pieces of every skip, branch and placement stand in order, apart, and within the drawing", async () => {
  const { skips, branches, placements } = await python.catalog();
  const settings = [
    ...skips.map(({ name }) => ({ skip: name, depth: 14 })),
    ...branches.map(({ name }) => ({ branch: name, depth: { single: 8, basic: 14, triple: 11, bottleneck: 11 }[name] })),
    ...placements.map(({ name }) => ({ placement: name, depth: 14, downsample: "project" })),
  ];
  for (const one of settings) {
    const { roads } = skips.find(({ name }) => name === (one.skip ?? "identity"));
    const anatomies = await python.anatomies(one);
    assert.equal(anatomies.flatMap(({ blocks }) => blocks).length, new Set(anatomies.flatMap(({ blocks }) => blocks)).size);
    for (const anatomy of anatomies) {
      const { nodes, edges, height } = layout(anatomy, roads);
      const ids = edges.map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length, `${JSON.stringify(one)}: ${ids}`);
      for (const needed of ["x", "written", "y"]) assert.ok(ids.includes(needed), `${needed} of ${JSON.stringify(one)}: ${ids}`);
      assert.equal(ids.includes("shortcut"), roads.meets !== "");
      const pieces = Object.values(anatomy).flat().filter((piece) => piece.kind);
      assert.equal(nodes.filter(({ kind }) => kind === "piece").length, pieces.length);
      assert.ok(nodes.every((node) => node.x + node.width / 2 <= WIDTH));
      nodes.forEach((node, i) => {
        assert.ok(node.y - node.height / 2 >= 0 && node.y + node.height / 2 <= height);
        for (const other of nodes.slice(i + 1)) {
          const apart = Math.abs(node.x - other.x) >= (node.width + other.width) / 2 || Math.abs(node.y - other.y) >= (node.height + other.height) / 2;
          assert.ok(apart, `${node.id} and ${other.id} of ${JSON.stringify(one)}`);
        }
      });
    }
  }
});

test("what a twin has in common stands at the same height", async () => {
  const [anatomy] = await python.anatomies({ depth: 14 });
  const heights = (roads) => new Map(layout(anatomy, roads).nodes.map(({ id, y }) => [id, y]));
  const [plain, residual] = [heights({ read: "", both: false, shortcut: "", branch: "", meets: "" }), heights({ read: "", both: false, shortcut: "", branch: "", meets: "sum" })];
  for (const [id, y] of plain) assert.equal(residual.get(id), y, id);
});

test("a run of an earlier version has no anatomy, and its block is one box", () => {
  assert.equal(anatomyOf({ points: [] }, "block1"), undefined);
  const { nodes } = layout(undefined, { read: "", both: false, shortcut: "", branch: "", meets: "sum" });
  assert.deepEqual(nodes.filter(({ kind }) => kind === "piece").map(({ piece }) => piece.kind), ["branch"]);
});

test("a value is read at its place; what was not recorded is no number", () => {
  const started = { measures: [{ name: "flow", places: ["stem", "block1"] }, { name: "signal", places: [] }] };
  const frame = { measures: { flow: [1, null] } };
  assert.deepEqual(["stem", "block1", "head"].map((place) => valueAt({ started }, frame, "flow", place)), [1, null, undefined]);
  assert.equal(valueAt({ started }, frame, "signal", "stem"), undefined);
  assert.equal(valueAt({ started }, null, "flow", "stem"), undefined);
});

test("neighbours are blocks: neither stem nor head is one", () => {
  const points = ["stem", "block", "block", "head"].map((kind) => ({ kind }));
  assert.deepEqual([neighbour(points, 1, -1), neighbour(points, 1, 1), neighbour(points, 2, 1)], [null, 2, null]);
});
