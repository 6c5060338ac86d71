// What the list says of a sweep: at which values, and what came of each.
import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeLines } from "#logic/outcome.js";
import { python } from "#support/python.js";
import { plain } from "#support/words.js";

const valueAt = (spec, field) => field.split(".").reduce((at, part) => at[part], spec);

/** The lines of a study whose runs came to these errors by skip and value (null: none yet). */
async function lines(study, field, errors) {
  const runs = (await python.runs(study)).map((spec) => {
    const error = errors[spec.net.skip].get(valueAt(spec, field));
    const result = error === null ? null : { train_error: error, step: 20, evaluated: 20 };
    return { id: "a", spec, state: result ? "finished" : "running", step: 20, steps: 20, result };
  });
  return outcomeLines(await python.study(study), runs, "train_error").map(plain);
}

const LONG = { study: "depth", depths: [8, 14, 20, 26, 32, 38, 44], seeds: [0] };
const each = (values) => new Map(LONG.depths.map((depth, i) => [depth, values[i]]));

test("results stand beside the values they were measured at", async () => {
  const cases = [
    [
      { study: "depth", depths: [8, 20, 56], seeds: [0] },
      "net.depth",
      { none: new Map([[8, 0.1], [20, 0.2], [56, 0.7]]), identity: new Map([[8, 0.1], [20, 0.05], [56, null]]) },
      ["training error at depth 8, 20, 56", "plain: 10 %, 20 %, 70 %", "residual: 10 %, 5 %, –"],
    ],
    [
      { study: "sweep", field: "optimizer.lr", values: [0.1, 0.01], seeds: [0, 1] },
      "optimizer.lr",
      { none: new Map([[0.1, 0.1], [0.01, 0.2]]), identity: new Map([[0.1, null], [0.01, null]]) },
      ["mean training error at learning rate 0.01, 0.1", "plain: 20 %, 10 %"],
    ],
    [
      { study: "sweep", field: "net.init", values: ["xavier", "he"], seeds: [0] },
      "net.init",
      { none: new Map([["xavier", 0.3], ["he", 0.1]]), identity: new Map([["xavier", 0.2], ["he", 0.4]]) },
      ["training error with Xavier init, He init", "plain: 30 %, 10 %", "residual: 20 %, 40 %"],
    ],
    [
      LONG,
      "net.depth",
      { none: each([0.2, 0.1, 0.3, 0.4, 0.5, 0.7, 0.6]), identity: each([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.2]) },
      ["training error at depth 8 to 44", "plain: 10 % at 14 to 70 % at 38", "residual: 10 % at 8 to 20 % at 44"],
    ],
    [
      LONG,
      "net.depth",
      { none: each([0.2, null, 0.3, null, null, null, null]), identity: each(Array(7).fill(0.1)) },
      ["training error at depth 8 to 44", "plain: 20 % at 8, 30 % at 20", "residual: 10 % at each"],
    ],
  ];
  for (const [study, field, errors, said] of cases) {
    assert.deepEqual(await lines(study, field, errors), said);
  }
});

test("nothing is said before anything is measured", async () => {
  const study = { study: "depth", depths: [8, 20], skips: ["identity"], seeds: [0] };
  assert.deepEqual(await lines(study, "net.depth", { identity: new Map([[8, null], [20, null]]) }), []);
});
