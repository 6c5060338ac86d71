// Dashes and markers in small are those of the charts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DASHES, MARKERS } from "#logic/paint.js";
import { python } from "#support/python.js";

test("every dash and marker of the charts is known, and no other", async () => {
  const [dashes, markers] = await python.looks();
  assert.deepEqual(new Set(Object.keys(DASHES)), new Set(dashes));
  assert.deepEqual(new Set(Object.keys(MARKERS)), new Set(markers));
});

test("no two dashes or markers are drawn alike", () => {
  for (const drawn of [DASHES, MARKERS]) {
    assert.equal(new Set(Object.values(drawn)).size, Object.keys(drawn).length);
  }
});
