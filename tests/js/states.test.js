// A run's state in a word.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stateWords } from "#logic/states.js";
import "#support/words.js";

test("an analysis runs and trains nothing", () => {
  assert.equal(stateWords({ state: "running", analysis: { analysis: "lesion" } }), "Running");
  assert.equal(stateWords({ state: "running", analysis: null }), "Training");
  assert.equal(stateWords({ state: "running", runs: [] }), "Training"); // a study
  assert.equal(stateWords({ state: "finished", analysis: { analysis: "lesion" } }), "Finished");
});
