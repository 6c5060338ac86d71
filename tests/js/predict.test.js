// A prediction, judged by what was measured.
import assert from "node:assert/strict";
import "#support/words.js";
import { test } from "node:test";
import { askedOf, trendOf, verdict } from "#logic/predict.js";
import { FLAT, PLAIN, cells } from "#support/sweeps.js";

const SCATTERED = [[8, 0.1, 0.3], [56, 0.15, 0.35]];

test("a trend counts only where no seeds overlap", () => {
  const cases = [
    [PLAIN, "rise"],
    [[[8, 0.3, 0.3], [56, 0.1, 0.1]], "fall"],
    [[[8, 0.01, 0.01], [56, 0.02, 0.02]], "stay"],
    [SCATTERED, "unsure"], // less than the seeds differ
    [[[8, 0.1, 0.3], [56, 0.11, 0.31]], "stay"],
    [[[8, 0.068, 0.12], [56, 0.24, 0.66]], "rise"], // they scatter, and all lie higher
    [[[8, 0.24, 0.66], [56, 0.068, 0.12]], "fall"],
    [[[8, 0.0, 0.0], [20, 0.5, 0.5], [56, 0.01, 0.01]], "bent"],
    [[[8, 0.0, 0.0]], null],
    [[], null],
  ];
  for (const [of, trend] of cases) assert.equal(trendOf(cells("none", of)).trend, trend);
});

test("a prediction is judged for the network it was asked of", () => {
  // The residual networks, which do the opposite, neither help nor harm.
  const residual = cells("identity", [[8, 0.7, 0.8], [56, 0.0, 0.0]]);
  const cases = [
    ["rise", PLAIN, true, "right"],
    ["stay", PLAIN, true, "wrong"],
    ["fall", PLAIN, true, "wrong"],
    ["stay", FLAT, true, "right"],
    ["stay", SCATTERED, true, "unsure"],
    ["rise", PLAIN, false, "right"],
    ["rise", PLAIN.slice(0, 1), false, "pending"], // the deepest plain net is still to come
    ["rise", PLAIN.slice(0, 1), true, "unmeasured"],
    ["rise", [], false, "pending"],
    ["skipped", PLAIN, true, null],
    ["", PLAIN, true, null],
  ];
  for (const [prediction, plain, over, key] of cases) {
    const all = [...cells("none", plain), ...residual];
    const judged = verdict(prediction, all, { skip: "none", depths: [56, 8], over });
    assert.equal(judged?.key ?? null, key);
  }
});

test("the question is of the plain network where the plan has it", () => {
  assert.equal(askedOf({ skips: ["none", "identity"] }), "none");
  assert.equal(askedOf({ skips: ["identity", "none"] }), "none");
  assert.equal(askedOf({ skips: ["projection", "identity"] }), "projection");
  assert.equal(askedOf({ skips: [] }), "none");
});
