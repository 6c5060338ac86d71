// What a page knows of the runs that it follows, whatever becomes of the connection.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RunStore } from "#runstore.js";
import { browser } from "#support/browser.js";
import "#support/words.js";

const SPEC = { steps: 3, changes: [] };
const about = (id, more = {}) => ({
  id, spec: SPEC, state: "running", step: 0, steps: 3, last_seq: -1, result: null, reason: null, started: null,
  waits: null, ends_in: null, mine: true, ...more,
});
const pair = (more = {}, runs = {}) => ({
  id: "s", study: "twins", state: "running", mine: true, spec: { base: SPEC }, runs: [about("a", runs), about("b", runs)], ...more,
});
const state = (run, name, more = {}) => ({ type: "state", run, state: name, step: 0, waits: null, ends_in: null, reason: null, ...more });
const frame = (run, seq, step) => ({ run, seq, type: "frame", step, loss: [1 / step], measures: {} });
const evaluated = (run, seq, step, error) => ({ run, seq, type: "evaluated", step, train_error: error });
const finished = (run, seq, step) => ({ run, seq, type: "finished", step });
const changed = (run, seq, step) => ({ run, seq, type: "changed", step, set: { "optimizer.lr": 0.5 } });

/** A store that writes down what it hears. */
function listening() {
  const heard = { changes: 0, gone: [] };
  const store = new RunStore({ changed: () => (heard.changes += 1), gone: ({ id }) => heard.gone.push(id) });
  return { store, heard };
}

test("a run is followed from its first event, and known in full", () => {
  const { sockets } = browser();
  const { store, heard } = listening();
  const one = store.run(about("r", { last_seq: 7, step: 2 }));
  assert.equal(sockets[0].url.href, "ws://server.test/api/runs/r/live?after=-1");
  assert.equal(one.connection, "connecting");
  sockets[0].says(state("r", "running"), [frame("r", 0, 1), evaluated("r", 1, 1, 0.5)], [frame("r", 2, 2)]);
  assert.equal(one.connection, "open");
  const [{ history, summary }] = one.runs;
  assert.deepEqual(history.loss, [1, 0.5]);
  assert.deepEqual([summary.last_seq, summary.step, summary.result], [7, 2, null]); // it was listed after these
  sockets[0].says([evaluated("r", 8, 3, 0.25), finished("r", 9, 3)]);
  assert.deepEqual([history.state, history.step], ["finished", 3]);
  assert.deepEqual([one.summaries[0].state, one.summaries[0].result.train_error], ["finished", 0.25]);
  assert.ok(one.over);
  assert.ok(heard.changes > 0);
});

test("a broken connection is taken up where it broke, and what comes twice counts once", async () => {
  const { sockets, waits, calm } = browser({ "GET api/runs/r": about("r", { last_seq: 1 }) });
  const { store } = listening();
  const one = store.run(about("r"));
  sockets[0].says(state("r", "running"), [frame("r", 0, 1), frame("r", 1, 2)]);
  await sockets[0].ends();
  assert.equal(one.connection, "lost");
  await waits(250);
  assert.equal(sockets.length, 2);
  assert.equal(sockets[1].url.searchParams.get("after"), "1");
  sockets[1].says([frame("r", 1, 2), frame("r", 2, 3)]);
  await calm();
  assert.equal(one.connection, "open");
  assert.deepEqual(one.histories[0].frames.map(({ seq }) => seq), [0, 1, 2]);
});

test("a connection on which nothing comes any more is another one's turn", async () => {
  const { sockets, waits } = browser();
  const { store } = listening();
  store.run(about("r"));
  sockets[0].says([frame("r", 0, 1)]);
  await waits(24_999);
  assert.equal(sockets.length, 1);
  await waits(1);
  assert.equal(sockets.length, 2);
  assert.equal(sockets[1].url.searchParams.get("after"), "0");
  assert.ok(sockets[0].closed);
});

test("where no socket comes through the server is asked for the same", async () => {
  const { sockets, server, asked, waits } = browser({
    "GET api/runs/r": about("r", { last_seq: 1 }),
    "GET api/runs/r/events?after=-1": { events: [frame("r", 0, 1)], next: 0 },
    "GET api/runs/r/events?after=0": { events: [frame("r", 1, 2)], next: null },
  });
  const { store } = listening();
  const one = store.run(about("r"));
  await sockets[0].ends();
  assert.equal(one.connection, "asking");
  assert.deepEqual(one.histories[0].loss, [1, 0.5]);
  server.answers["GET api/runs/r"] = about("r", { last_seq: 2, state: "finished" });
  server.answers["GET api/runs/r/events?after=1"] = { events: [finished("r", 2, 2)], next: null };
  await waits(2000);
  await sockets[1].ends();
  assert.equal(one.connection, "done");
  assert.equal(one.histories[0].state, "finished");
  assert.equal(asked.filter((path) => path.endsWith("after=-1")).length, 1);
});

test("every run of a study takes what is its own", () => {
  const { sockets } = browser();
  const { store } = listening();
  const one = store.study(pair());
  assert.equal(sockets[0].url.pathname, "/api/studies/s/live");
  sockets[0].says(state("b", "paused", { step: 2 }), [frame("a", 0, 1), frame("b", 0, 1), frame("a", 1, 2)]);
  assert.deepEqual(sockets[0].sent, [{ after: {}, frames: true }]);
  assert.deepEqual(one.histories.map(({ loss }) => loss), [[1, 0.5], [1]]);
  assert.deepEqual(one.histories.map(({ state: stands }) => stands), ["running", "paused"]);
  sockets[0].says([finished("a", 2, 3)]);
  assert.ok(!one.over);
});

test("a study that was changed on another page is read anew, once a change", async () => {
  const changes = [{ step: 2, set: { "optimizer.lr": 0.5 } }];
  const { sockets, asked, calm } = browser({ "GET api/studies/s": pair({ spec: { base: { ...SPEC, changes } } }) });
  const { store } = listening();
  const one = store.study(pair());
  sockets[0].says([changed("a", 0, 2)]);
  await calm();
  assert.deepEqual(one.spec.base.changes, changes);
  sockets[0].says([changed("b", 0, 2)]);
  await calm();
  assert.deepEqual(asked, ["GET api/studies/s"]);
});

test("without frames a study is heard from where it stands, asked how far it is, and read at its end", async () => {
  const { sockets, server, asked, waits } = browser({ "GET api/studies/s": pair({}, { step: 2 }) });
  const { store } = listening();
  const one = store.study(pair({}, { last_seq: 4 }), { frames: false });
  sockets[0].says(state("a", "running"), state("b", "running"));
  assert.deepEqual(sockets[0].sent, [{ after: { a: 4, b: 4 }, frames: false }]);
  await waits(1500);
  assert.deepEqual(one.summaries.map(({ step }) => step), [2, 2]);
  sockets[0].says([evaluated("a", 5, 3, 0.25), finished("a", 6, 3), evaluated("b", 5, 3, 0.5), finished("b", 6, 3)]);
  assert.deepEqual(one.summaries.map(({ result }) => result.train_error), [0.25, 0.5]);
  server.answers["GET api/studies/s"] = pair({ state: "finished" }, { state: "finished", started: "2026-01-01" });
  server.reachable = false;
  await sockets[0].ends(1000);
  assert.equal(one.connection, "unreachable");
  server.reachable = true;
  await waits(1500);
  assert.equal(one.connection, "done");
  assert.deepEqual([one.entry.state, one.summaries[0].started], ["finished", "2026-01-01"]);
  const questions = asked.length;
  await waits(60_000);
  assert.equal(asked.length, questions);
});

test("a study without frames that is over is not listened to", () => {
  const { sockets } = browser();
  const { store } = listening();
  const one = store.study(pair({ state: "finished" }, { state: "finished" }), { frames: false });
  assert.equal(sockets.length, 0);
  assert.ok(one.over);
});

test("a run known by its id is asked for until the server answers", async () => {
  const { sockets, server, calm, waits } = browser({ "GET api/runs/r": about("r", { state: "interrupted" }) });
  const { store, heard } = listening();
  server.reachable = false;
  const one = store.run("r");
  await calm();
  assert.deepEqual([one.connection, one.runs], ["unreachable", []]);
  server.reachable = true;
  await waits(1500);
  assert.equal(sockets.length, 1);
  assert.equal(one.histories[0].state, "interrupted");
  assert.deepEqual(heard.gone, []);
});

test("an answer that does not come in ten seconds is given up, and asked for anew", async () => {
  const { sockets, server, asked, calm, waits } = browser({
    "GET api/runs/r": about("r"),
    "GET api/studies/s": pair({ state: "finished" }, { state: "finished" }),
  });
  server.hangs = true;
  const { store } = listening();
  const run = store.run("r");
  await calm();
  await waits(9_999);
  assert.deepEqual([run.connection, asked.length], ["connecting", 1]);
  await waits(1);
  assert.equal(run.connection, "unreachable");
  server.hangs = false;
  await waits(1500);
  assert.deepEqual([run.connection, asked.length, sockets.length], ["connecting", 2, 1]);
  run.close();

  const study = store.study(pair(), { frames: false });
  server.hangs = true;
  await waits(1500);
  await waits(10_000);
  assert.equal(study.connection, "unreachable"); // asked how far it is
  sockets[1].says(state("a", "finished"), state("b", "finished"));
  await sockets[1].ends(1000);
  await waits(10_000); // asked what it came to
  server.hangs = false;
  await waits(1500);
  assert.deepEqual([study.connection, study.entry.state], ["done", "finished"]);
});

test("an id of nothing is told, and not asked for again", async () => {
  for (const status of [404, 422]) {
    const { sockets, asked, calm, waits } = browser({ "GET api/runs/r": status });
    const { store, heard } = listening();
    store.run("r");
    await calm();
    await waits(10_000);
    assert.deepEqual(heard.gone, ["r"]);
    assert.equal(asked.length, 1);
    assert.equal(sockets.length, 0);
  }
});

test("what is deleted is told once, and what was heard stays", async () => {
  const { sockets, waits } = browser();
  const { store, heard } = listening();
  const one = store.study(pair());
  sockets[0].says([frame("a", 0, 1), frame("b", 0, 1), finished("b", 1, 1)]);
  await sockets[0].ends(4404);
  await waits(60_000);
  assert.deepEqual(heard.gone, ["s"]);
  assert.equal(one.connection, "gone");
  assert.deepEqual(one.histories.map(({ state: stands, loss }) => [stands, loss]), [["stopped", [1]], ["finished", [1]]]);
  assert.equal(one.histories[0].reason, "it was deleted");
  assert.equal(sockets.length, 1);
  assert.equal(store.find("s"), one);
  one.close();
  assert.deepEqual(store.followed, []);
});

test("of what was let go nothing more is heard", async () => {
  const { sockets, asked, waits } = browser({ "GET api/studies/s": pair() });
  const { store, heard } = listening();
  const one = store.study(pair(), { frames: false });
  const other = store.run(about("r"));
  one.close();
  assert.ok(sockets[0].closed);
  sockets[0].says([evaluated("a", 0, 1, 0.5)]);
  await sockets[0].ends(4404);
  await waits(2000);
  assert.deepEqual([heard.changes, heard.gone, asked], [0, [], []]);
  assert.deepEqual(store.followed, [other]);
});

test("what has ended is asked for when it matters whether it is still there", async () => {
  const { sockets, asked } = browser();
  const { store, heard } = listening();
  const one = store.run(about("r", { state: "finished" }));
  await one.check();
  assert.deepEqual(asked, []); // the connection would say so
  sockets[0].says(state("r", "finished"));
  await sockets[0].ends(1000);
  assert.equal(one.connection, "done");
  await one.check();
  assert.deepEqual(heard.gone, ["r"]);
});

test("only what goes on and is one's own is stopped when it is let go", async () => {
  const stop = "POST api/studies/s/control";
  const cases = [[{}, 200, [stop]], [{}, 409, [stop]], [{}, 404, [stop]], [{ mine: false }, 200, []]];
  for (const [more, status, questions] of cases) {
    const { asked } = browser({ [stop]: status === 200 ? pair() : status });
    await listening().store.study(pair(more)).release();
    assert.deepEqual(asked, questions);
  }
  const { asked } = browser();
  await listening().store.study(pair({}, { state: "finished" })).release();
  assert.deepEqual(asked, []);
  browser({ [stop]: 500 });
  await assert.rejects(listening().store.study(pair()).release(), { status: 500 });
});

test("a setting that was changed here is in the spec, and told", async () => {
  const changes = [{ step: 2, set: { "optimizer.lr": 0.5 } }];
  const { sockets, asked, calm } = browser({ "POST api/studies/s/control": pair({ spec: { base: { ...SPEC, changes } } }) });
  const { store, heard } = listening();
  const one = store.study(pair());
  await one.set({ "optimizer.lr": 0.5 });
  assert.equal(heard.changes, 1);
  sockets[0].says([changed("a", 0, 2)]);
  await calm();
  assert.deepEqual(one.spec.base.changes, changes);
  assert.deepEqual(asked, ["POST api/studies/s/control"]);
});

test("of two answers that cross the spec with more changes counts, whichever comes last", async () => {
  const [older, newer] = [[2], [2, 3]].map((steps) =>
    pair({ spec: { base: { ...SPEC, changes: steps.map((step) => ({ step, set: { "optimizer.lr": 1 / step } })) } } }),
  );
  const [set, learn] = ["POST api/studies/s/control", "GET api/studies/s"];
  for (const late of [set, learn]) {
    const { promise, resolve } = Promise.withResolvers();
    const { sockets, asked, calm } = browser({ [set]: newer, [learn]: newer, [late]: promise });
    const one = listening().store.study(pair());
    sockets[0].says([changed("a", 0, 2)]);
    one.set({ "optimizer.lr": 1 / 2 });
    await calm();
    resolve(older);
    await calm();
    assert.deepEqual([one.spec, asked], [newer.spec, [learn, set]]);
  }
});
