// Everything that was trained here, in pages, kept up to date while something goes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RunList } from "#runlist.js";
import { browser } from "#support/browser.js";

const at = (minute) => `2026-01-01T00:${String(minute).padStart(2, "0")}:00Z`;
const run = (id, minute, more = {}) => ({ id, study: null, created: at(minute), state: "finished", ...more });
const study = (id, minute, more = {}) => ({ ...run(id, minute), study: "twins", runs: [], ...more });
const page = (items, next = null) => ({ items, next });
const STUDIES = "GET api/studies?limit=30";
const RUNS = "GET api/runs?limit=30";

const ids = ({ entries }) => entries.map(({ id }) => id);

/** A list that counts what it tells. */
function listening() {
  const heard = { changes: 0 };
  return { heard, trained: new RunList({ changed: () => (heard.changes += 1) }) };
}

test("studies and runs by themselves are one list, newest first", async () => {
  browser({
    [STUDIES]: page([study("s2", 8), study("s1", 3)]),
    [RUNS]: page([run("r2", 9), run("of-s2", 8, { study: "s2" }), run("r1", 5)]),
  });
  const { trained, heard } = listening();
  assert.ok(!trained.loaded && trained.more);
  await trained.fill(() => false);
  assert.deepEqual(ids(trained), ["r2", "s2", "r1", "s1"]);
  assert.ok(trained.loaded && !trained.more);
  assert.equal(heard.changes, 1);
});

test("no more is read than is wanted, and the list that is behind first", async () => {
  const { asked } = browser({
    [STUDIES]: page([study("s2", 8)], "s2"),
    [`${STUDIES}&after=s2`]: page([study("s1", 3)]),
    [RUNS]: page([run("r2", 9), run("r1", 5)], "r1"),
  });
  const { trained } = listening();
  await trained.fill(() => trained.entries.length >= 2);
  assert.deepEqual(ids(trained), ["r2", "s2"]); // r1 may have studies before it
  await trained.fill(() => trained.entries.length >= 3);
  assert.deepEqual(ids(trained), ["r2", "s2", "r1"]);
  assert.deepEqual(asked, [STUDIES, RUNS, `${STUDIES}&after=s2`]);
});

test("while something goes it is read again, and what goes further down by itself", async () => {
  const { server, asked, waits } = browser({
    [STUDIES]: page([]),
    [RUNS]: page([run("r3", 9, { state: "running" })], "r3"),
    [`${RUNS}&after=r3`]: page([run("r2", 5, { state: "queued" }), run("r1", 3, { state: "queued" })]),
    "GET api/runs/r2": run("r2", 5, { state: "stopped" }),
  });
  const { trained } = listening();
  await trained.fill(() => false);
  server.answers[RUNS] = page([run("r4", 12), run("r3", 9)], "r3");
  await waits(2000);
  assert.deepEqual(trained.entries.map(({ id, state }) => [id, state]), [
    ["r4", "finished"], ["r3", "finished"], ["r2", "stopped"], // r1 is gone
  ]);
  const questions = asked.length;
  await waits(60_000);
  assert.equal(asked.length, questions); // nothing goes any more
});

test("what was deleted elsewhere leaves the list, however full its first page", async () => {
  const { server } = browser({ [STUDIES]: page([]), [RUNS]: page([run("r3", 9), run("r2", 5)], "r2"), [`${RUNS}&after=r2`]: page([run("r1", 3)]) });
  const { trained } = listening();
  await trained.fill(() => false);
  server.answers[RUNS] = page([run("r3", 9), run("r1", 3)], null);
  await trained.refresh();
  assert.deepEqual(ids(trained), ["r3", "r1"]);
});

test("what was deleted here does not come back with an answer from before", async () => {
  const { asked } = browser({ [STUDIES]: page([study("s1", 3)]), [RUNS]: page([run("r1", 5)]), "DELETE api/runs/r1": page([]) });
  const { trained } = listening();
  await trained.fill(() => false);
  await trained.remove(trained.entries[0]);
  assert.equal(asked.at(-1), "DELETE api/runs/r1");
  assert.deepEqual(ids(trained), ["s1"]);
  await trained.refresh();
  assert.deepEqual(ids(trained), ["s1"]);
});

test("a server that does not answer is told until it does, and what was read stays", async () => {
  const { server, waits } = browser({ [STUDIES]: page([study("s1", 3, { state: "running" })]), [RUNS]: page([]) });
  const { trained } = listening();
  await trained.fill(() => false);
  server.reachable = false;
  await waits(2000);
  assert.ok(trained.problem.unreachable);
  assert.deepEqual(ids(trained), ["s1"]);
  server.reachable = true;
  await waits(2000);
  assert.equal(trained.problem, null);
});
