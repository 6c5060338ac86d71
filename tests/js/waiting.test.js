// What is said of runs that wait, that are to make room, and that ended early.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RunHistory } from "#logic/history.js";
import { noticeWords, waitWords, waitingWords } from "#logic/waiting.js";
import { earlyEnds, reasonOf } from "#logic/reasons.js";
import "#support/words.js";

test("who waits is told for whom, and how long", () => {
  const cases = [
    [0, 0, null, true, "next in line"],
    [0, 0, 0, true, "next in line, less than a minute"],
    [1, 0, 60, true, "1 pair ahead of yours, about 1 minute"],
    [2, 0, 180, true, "2 pairs ahead of yours, about 3 minutes"],
    [2, 0, null, false, "2 pairs ahead of this one"],
    [0, 1, 7200, false, "1 single network ahead of this one, about 2 hours"],
    [1, 3, 30, true, "1 pair and 3 single networks ahead of yours, less than a minute"],
  ];
  for (const [pairs, runs, seconds, mine, said] of cases) {
    assert.equal(waitWords({ pairs, runs, seconds }, mine), said);
  }
});

test("a place that is not known yet is not made up", () => {
  assert.equal(waitingWords(null, true), "Waiting for a free worker");
});

test("a notice says how long it lasts", () => {
  const cases = [[120, "2 minutes"], [90, "90 seconds"], [60, "1 minute"], [30, "30 seconds"]];
  for (const [seconds, said] of cases) assert.equal(noticeWords(seconds), said);
});

test("twins say once why they ended early", () => {
  const cases = [
    [["power", "power"], "power"],
    [["at step 3", "at step 4"], "plain: at step 3; residual: at step 4"],
    [[null, "power"], "power"],
    [[null, null], ""],
  ];
  for (const [reasons, said] of cases) {
    const sides = ["plain", "residual"].map((name, i) => ({
      name,
      history: { state: "interrupted", reason: reasons[i] },
    }));
    assert.equal(reasonOf(sides, "interrupted"), said);
  }
});

test("a sweep says each reason once", () => {
  const runs = [
    { state: "stopped", reason: "by its owner" },
    { state: "interrupted", reason: "The lights went out." },
    { state: "stopped", reason: "by its owner" },
    { state: "stopped", reason: null },
    { state: "failed", reason: "no memory" },
  ];
  assert.deepEqual(earlyEnds(runs), [
    "2 stopped: by its owner",
    "1 interrupted: The lights went out",
    "1 stopped",
  ]);
});

test("a paused run hears that it ends, and that it does not", () => {
  const history = new RunHistory("a");
  const waits = { pairs: 1, runs: 0, seconds: null };
  const paused = { state: "paused", step: 3, waits: null };
  const messages = [
    [{ state: "queued", step: 0, waits, ends_in: null }, [null, 1, true]],
    [{ state: "queued", step: 0, waits: { ...waits }, ends_in: null }, [null, 1, false]],
    [{ ...paused, ends_in: 120 }, [120, null, true]],
    [{ ...paused, ends_in: 90 }, [90, null, true]],
    [{ ...paused, ends_in: null }, [null, null, true]],
  ];
  for (const [message, expected] of messages) {
    const before = history.version;
    history.takeState(message);
    assert.deepEqual([history.endsIn, history.waits?.pairs ?? null, history.version > before], expected);
  }
});
