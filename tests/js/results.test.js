// What came of runs, as the table of an exported file writes it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { resultTable } from "#logic/results.js";
import { plain } from "#support/words.js";

const spec = { net: { depth: 20, skip: "projection" }, seed: 3, data: "digits" };
const measured = { train_error: 0.25, test_error: 0.3, train_loss: 0.9, test_loss: 1, step: 9 };
const runs = [
  { id: "a", state: "finished", step: 9, result: { ...measured, evaluated: 9 } },
  { id: "b", state: "stopped", step: 9, reason: "a guest", result: { ...measured, evaluated: 5 } },
  {
    id: "c",
    state: "finished",
    step: 2,
    result: { step: 2, evaluated: null, diverged: true, became: "infinite" },
  },
  { id: "d", state: "queued", step: 0, result: null },
].map((run) => ({ ...run, spec }));

test("results say the step they are of, and how a run ended", () => {
  const { columns, rows } = resultTable(runs, { task: "classification" });
  assert.deepEqual(columns.slice(0, 6), ["run", "network", "depth (weighted layers)", "seed", "state", "step"]);
  const said = rows.map((row) => row.map((cell) => plain(String(cell))));
  assert.deepEqual(said[0], ["a", "projection", "20", "3", "Finished", "9", "25 %", "30 %", "0.9", "1"]);
  assert.deepEqual(said[1].slice(4, 7), ["Stopped: a guest", "9", "25 % at step 5"]);
  assert.deepEqual(said[2].slice(4, 7), ["Finished: the loss became infinite at step 2", "2", ""]);
  assert.deepEqual(said[3].slice(4), ["Waiting", "0", "", "", "", ""]);
});
