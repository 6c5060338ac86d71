// Numbers as people read them.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as format from "#logic/format.js";
import { phrase, t } from "#logic/words.js";
import { plain } from "#support/words.js";

test("a fraction is written in per cent", () => {
  const said = [
    [0, "0 %"], [0.002, "0.2 %"], [0.02, "2 %"], [0.0557, "5.6 %"], [0.0999, "10 %"], [0.76, "76 %"],
    [0.898, "90 %"], [0.999, "99.9 %"], [1, "100 %"], [null, "not finite"],
  ];
  for (const [fraction, text] of said) assert.equal(plain(format.percent(fraction)), text);
});

test("a norm is written short and never as a false zero", () => {
  const said = [
    [0, "0"], [2e-6, "2×10⁻⁶"], [5.24e-13, "5.2×10⁻¹³"], [1e-30, "1×10⁻³⁰"], [0.034, "0.034"],
    [0.83, "0.83"], [1, "1"], [41.2, "41"], [3100, "3100"], [12345, "1.2×10⁴"], [9999.9, "1×10⁴"],
    [-0.5, "-0.5"], [null, "not finite"],
  ];
  for (const [number, text] of said) assert.equal(plain(format.scientific(number)), text);
});

test("a time is written in its two largest units", () => {
  const said = [[0.42, "0.4 s"], [12.4, "12 s"], [59.7, "1 min"], [200, "3 min 20 s"], [7500, "2 h 5 min"]];
  for (const [span, text] of said) assert.equal(plain(format.seconds(span)), text);
});

test("counts and sizes are grouped and rounded", () => {
  assert.equal(format.count(853018), "853,018");
  assert.equal(plain(format.bytes(512)), "512 B");
  assert.equal(plain(format.bytes(19_400_000)), "19 MB");
  assert.equal(plain(format.bytes(999_900)), "1 MB");
  assert.equal(format.plain(0.14312), "0.143");
  assert.equal(plain(format.mebibytes(11_594_722)), "11 MiB");
  assert.equal(plain(format.mebibytes(3_250_586)), "3.1 MiB");
  assert.equal(plain(format.mebibytes(45)), "0.1 MiB");
});

test("words choose singular and plural, and miss nothing", () => {
  const steps = "{n} {n|step|steps}";
  assert.equal(phrase(steps, { n: 1 }), "1 step");
  assert.equal(phrase(steps, { n: 2 }), "2 steps");
  assert.throws(() => t("no.such.words"), { message: "There are no words at no.such.words." });
  assert.throws(() => t("lab.take.chance"), { message: "The words at lab.take.chance need a value for name." });
});
