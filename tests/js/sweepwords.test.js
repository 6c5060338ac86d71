// What the depth page says of a sweep: question, verdict and takeaway.
import assert from "node:assert/strict";
import { test } from "node:test";
import { verdict } from "#logic/predict.js";
import * as said from "#logic/sweepwords.js";
import { DIGITS, FLAT, PLAIN, POINTS, cells, done, run } from "#support/sweeps.js";
import { plain } from "#support/words.js";

const { spec: BASE } = run();

/** The verdict on a prediction about plain networks, after 200 steps. */
function judged(prediction, of, measure = "train_error") {
  const found = verdict(prediction, cells("none", of), { skip: "none", depths: [8, 56], over: true });
  return said.verdictWords(found, { steps: 200, measure }).map(plain);
}

test("a verdict says what was predicted and what was measured", () => {
  const error = "The training error of plain networks after 200 steps";
  const risen = `${error} rises from 0 % at 8 layers to 75 % at 56.`;
  assert.deepEqual(judged("rise", PLAIN), ["You predicted “rise”: right.", risen]);
  assert.deepEqual(judged("stay", PLAIN), ["You predicted “stay the same”: not this time.", risen]);
  const even = `${error} stays about the same: 0 % at 8 layers, 0.5 % at 56.`;
  assert.deepEqual(judged("stay", FLAT), ["You predicted “stay the same”: right.", even]);
});

test("a verdict on losses gives losses", () => {
  const [, measured] = judged("rise", [[8, 0.1, 0.1], [56, 0.9, 1.1]], "train_loss");
  assert.match(measured, /rises from 0\.1 at 8 layers to 1 at 56\.$/);
});

test("a prediction that nothing answers is told so", () => {
  const texts = judged("rise", PLAIN.slice(0, 1));
  assert.equal(texts.length, 1);
  assert.match(texts[0], /plain networks with 8 or 56 layers were not measured\.$/);
});

test("the question says of which network", () => {
  const asked = (skip, prediction) => said.questionWords({ skip, measure: "train_error" }, prediction);
  assert.equal(
    asked("none", null),
    "Predict first: as plain networks (without skips) get deeper, their training error will …",
  );
  assert.equal(asked("identity", null), "Predict first: as residual networks get deeper, their training error will …");
  assert.equal(
    asked("none", "stay"),
    "Your prediction: as plain networks get deeper, their training error will stay the same.",
  );
});

test("the takeaway compares at the deepest depth both have", () => {
  const get = "after 200 steps, plain networks get";
  const cases = [
    [[], "Nothing measured yet. Press Train."],
    [[run()], "Training 1 network; the first points will appear soon."],
    [
      [done(0.76, { depth: 56 }), done(0.002, { depth: 56, skip: "identity" }), done(0.0, { depth: 62 })],
      `At 56 layers, ${get} 76 % of the training digits wrong, residual ones 0.2 %.`,
    ],
    [[done(0.5)], `At 8 layers, ${get} 50 % of the training digits wrong.`],
    [
      [done(0.4), done(0.6, { seed: 1 }), done(0.1, { skip: "identity" })],
      `At 8 layers, ${get} 50 % of the training digits wrong, residual ones 10 % (means of 1 or more seeds).`,
    ],
  ];
  const plan = { field: "net.depth", values: [8, 56, 62], skips: ["none", "identity"], base: BASE };
  for (const [runs, text] of cases) assert.equal(plain(said.takeaway(plan, runs, DIGITS)), text);
});

test("where there is no error, the takeaway speaks of the loss", () => {
  const lossOf = "At 8 layers, after 200 steps, plain networks have a loss of 0.9 on";
  const cases = [
    ["net.depth", 1024, `${lossOf} the training points, residual ones 0.01.`],
    ["net.depth", 100, `${lossOf} 100 training points, residual ones 0.01.`],
    ["net.width", 1024, "Lowest training loss after 200 steps: plain 0.9 at width 8; residual 0.01 at width 8."],
  ];
  for (const [field, count, text] of cases) {
    const loss = (value, where) => {
      const one = done(0.0, where);
      return { ...one, result: { ...one.result, train_error: null, train_loss: value, count } };
    };
    const plan = { field, values: [8], skips: ["none", "identity"], base: BASE };
    assert.equal(said.takeaway(plan, [loss(0.9, {}), loss(0.01, { skip: "identity" })], POINTS), text);
  }
});
