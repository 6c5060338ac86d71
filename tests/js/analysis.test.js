// Analyses: their addresses, whom they can be asked of.
import assert from "node:assert/strict";
import { test } from "node:test";
import { analysisLink, askedIn, fits } from "#logic/analysis.js";

test("an address names analyses, or runs to be asked", () => {
  assert.equal(analysisLink("lesion", { show: ["abcdefghij", "klmnopqrst"] }), "lesion?show=abcdefghij,klmnopqrst");
  assert.equal(analysisLink("paths", {}), "paths");
  const search = "?of=abcdefghij,nonsense,abcdefghij&show=a234567bcd";
  assert.deepEqual(askedIn(search), { show: ["a234567bcd"], of: ["abcdefghij"] });
});

test("an analysis is asked of the skips that it names", () => {
  const paths = { skips: ["none", "scaled"] };
  assert.equal(fits(paths, { net: { skip: "none" } }), true);
  assert.equal(fits(paths, { net: { skip: { name: "scaled", branch: 0.5 } } }), true);
  assert.equal(fits(paths, { net: { skip: "highway" } }), false);
});
