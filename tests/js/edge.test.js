// When a sweep's best value is only the end of what was tried.
import assert from "node:assert/strict";
import { test } from "node:test";
import { edges } from "#logic/edge.js";
import { ruleFor } from "#logic/sweep.js";
import { edgeWords, takeaway } from "#logic/sweepwords.js";
import { python } from "#support/python.js";
import "#support/words.js";

const LR = "optimizer.lr";
const catalog = await python.catalog();

/** An ended run for each [value, training error]; null: the network diverged. */
async function runs(field, means, { skip = "none", state = "finished" } = {}) {
  return Promise.all(
    means.map(async ([value, error]) => {
      const spec = await python.spec({});
      const parts = field.split(".");
      parts.slice(0, -1).reduce((at, part) => at[part], spec)[parts.at(-1)] = value;
      spec.net.skip = skip;
      const result = { train_error: error, diverged: error === null, count: 1000, step: 200 };
      return { id: `${skip}${value}`, spec, state, step: 200, steps: 200, last_seq: 9, result, reason: null };
    }),
  );
}

const found = (field, all) => edges({ field }, all, "train_error", ruleFor(field, all[0].spec, catalog));

test("the best is at an end where nothing beyond was tried", async () => {
  const cases = [
    [LR, [[0.01, 0.1], [0.05, 0.2], [0.1, 0.3]], "least"],
    [LR, [[0.01, 0.3], [0.05, 0.2], [0.1, 0.1]], "greatest"],
    [LR, [[0.1, 0.3], [0.01, 0.1], [0.05, 0.2]], "least"], // in any order
    [LR, [[0.01, 0.3], [0.05, 0.1], [0.1, 0.2]], null],
    // It was tried where it diverged: what did best before that is no end.
    [LR, [[0.01, 0.3], [0.05, 0.1], [0.1, null]], null],
    [LR, [[0.01, null], [0.05, null], [0.1, 0.1]], "greatest"],
    [LR, [[0.01, null], [0.05, null]], null],
    [LR, [[0.01, 0.1], [0.05, 0.1], [0.1, 0.3]], null], // as good within
    [LR, [[0.01, 0.1]], null], // nothing beside it
    ["steps", [[50, 0.3], [100, 0.2]], "greatest"],
    // There is nothing below 0, nor a depth that is best.
    ["optimizer.weight_decay", [[0, 0.1], [0.001, 0.2]], null],
    ["optimizer.weight_decay", [[0.0001, 0.1], [0.001, 0.2]], "least"],
    ["net.depth", [[8, 0.1], [20, 0.2]], null],
  ];
  for (const [field, means, end] of cases) {
    const ends = found(field, await runs(field, means)).map((one) => one.end);
    assert.deepEqual(ends, end ? [end] : [], `${field} ${JSON.stringify(means)}`);
  }
});

test("each kind of network has its own end", async () => {
  const both = [
    ...(await runs(LR, [[0.01, 0.1], [0.1, 0.2]])),
    ...(await runs(LR, [[0.01, 0.2], [0.1, 0.1]], { skip: "identity" })),
  ];
  assert.deepEqual(found(LR, both), [
    { skip: "none", value: 0.01, end: "least" },
    { skip: "identity", value: 0.1, end: "greatest" },
  ]);
});

test("nothing is said of a sweep that goes on", async () => {
  const first = await runs(LR, [[0.01, 0.1]]);
  assert.notDeepEqual(found(LR, [...first, ...(await runs(LR, [[0.1, 0.2]]))]), []);
  const going = await runs(LR, [[0.1, null]], { state: "running" });
  assert.deepEqual(found(LR, [...first, ...going]), []);
});

test("names have no ends", async () => {
  assert.deepEqual(found("net.init", await runs("net.init", [["he", 0.1], ["default", 0.2]])), []);
});

test("only networks that the sentence before named are said to be at an end", async () => {
  const skips = ["none", "identity", "projection"];
  const each = await Promise.all(skips.map((skip) => runs(LR, [[0.01, 0.1], [0.05, 0.2]], { skip })));
  const all = each.flat();
  assert.deepEqual(new Set(found(LR, all).map(({ skip }) => skip)), new Set(skips));
  const plan = { field: LR, skips, base: all[0].spec };
  const data = { task: "classification", noun: "digits" };
  assert.match(takeaway(plan, all, data), /plain 10\u00a0% at lr 0\.01; residual 10\u00a0% at lr 0\.01\.$/);
  assert.deepEqual(edgeWords(plan, all, data, catalog), [
    "For plain + residual that is the smallest value tried: try smaller ones.",
  ]);
});
