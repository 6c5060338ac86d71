// Which measures a run takes: what can be chosen, and what is said where one has no place.
import assert from "node:assert/strict";
import { test } from "node:test";
import { studyFieldsOf } from "#logic/fields.js";
import { chartWords, howOf, valueWords } from "#logic/flow.js";
import { complete, folded } from "#logic/lab.js";
import { parse, write } from "#logic/link.js";
import { carried, nowhere } from "#logic/measures.js";
import { studySpec } from "#logic/spec.js";
import { runWords } from "#logic/specwords.js";
import { python } from "#support/python.js";
import "#support/words.js";

const catalog = await python.catalog();
const table = studyFieldsOf(catalog, "twins");
const field = table.find(({ path }) => path === "measures");

const NO_BRANCH = "the skip none adds no branch to a shortcut";
const signal = { name: "signal", title: "Signal", summary: "How large.", scale: "log", relative: false, places: ["stem"] };
const share = { name: "branch_share", title: "Share", summary: "How much.", scale: "linear", relative: false, places: ["block1"] };
const scale = { ...share, name: "skip_scale", title: "Scale" };
const without = (measure, absent) => ({ ...measure, places: [], absent });
const series = (label, ...measures) => ({ label, history: { started: { measures } } });
const TWINS = [
  series("plain", signal, without(share, NO_BRANCH), without(scale, "the skip none learns no scale")),
  series("residual", signal, share, without(scale, "the skip identity learns no scale")),
];

test("the form has a box for every measure, the last of its settings", () => {
  assert.deepEqual(field.each.choices, catalog.measures.map(({ name }) => name));
  assert.deepEqual(field.default, catalog.studies.find(({ name }) => name === "twins").measures);
  assert.equal(folded(table).at(-1), "measures");
  assert.ok(!folded(table).includes("changes"));
});

test("a link names the measures, and both twins take them", async () => {
  const link = "?v=2&measures=flow,branch_grad,dead";
  const { values, problems } = parse(link, table);
  assert.deepEqual(problems, []);
  assert.equal(new URLSearchParams(write(values, table)).get("measures"), "flow,branch_grad,dead");
  const study = await python.study(studySpec("twins", table, values));
  assert.deepEqual(study.base.measures, ["flow", "branch_grad", "dead"]);
  assert.deepEqual(complete(study, table).measures, values.measures);
});

test("a link can name no measure that is none, but none at all", () => {
  const { values, problems } = parse("?v=2&measures=flow,speed", table);
  assert.deepEqual(problems.map(({ name }) => name), ["measures"]);
  assert.deepEqual(values.measures, field.default);
  assert.deepEqual(parse("?v=2&measures=", table).values.measures, []);
});

test("what is looked at sets no run apart", async () => {
  const [usual, other] = await Promise.all([python.spec({}), python.spec({ measures: ["flow", "dead"] })]);
  assert.equal(runWords(other, catalog.fields), runWords(usual, catalog.fields));
});

test("whatever any run takes is offered; of what none takes is said why", () => {
  assert.deepEqual(carried(TWINS.map(({ history }) => history)).map(({ name }) => name), ["signal", "branch_share"]);
  assert.deepEqual(nowhere(TWINS), [
    { name: "skip_scale", title: "Scale", why: "the skip none learns no scale; the skip identity learns no scale" },
  ]);
});

test("a chart says which run lacks its measure, and why", () => {
  const look = (quantity) => chartWords("flowByDepth", howOf({ quantity, series: TWINS })).look;
  assert.equal(look("signal"), "How large.");
  assert.equal(look("branch_share"), `How much. None of plain: ${NO_BRANCH}.`);
});

test("a value that is not there is none, and 0 of an even measure a number", () => {
  const how = howOf({ quantity: "branch_share", series: TWINS });
  assert.deepEqual([how.linear, how.backward], [true, false]);
  const said = (value) => valueWords(value, { history: TWINS[1].history, frame: {}, index: 0 }, how);
  assert.deepEqual([null, 0, -0.12345].map(said), ["no value", "0", "-0.123"]);
  const lost = howOf({ quantity: "signal", series: TWINS });
  assert.equal(valueWords(null, { history: TWINS[1].history, frame: {}, index: 0 }, lost), "not finite");
});
