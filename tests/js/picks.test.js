// Which picks are shown, and in which order, whenever their answers come.
import assert from "node:assert/strict";
import { test } from "node:test";
import { picks } from "#logic/picks.js";

const ALONE = { alone: true };
const BESIDE = { alone: false };

/** A page that shows names, each picked with `pick` and read when it is answered. */
function page() {
  const shown = /** @type {string[]} */ ([]);
  const answers = new Map();
  const take = picks(([{ value, reason }], { alone }) => {
    if (reason) return;
    if (alone) shown.length = 0;
    shown.push(value);
  });
  return {
    shown,
    pick(name, how) {
      const { promise, resolve, reject } = Promise.withResolvers();
      const through = take([promise], how);
      answers.set(name, { resolve, reject, through });
    },
    /** Settle these, each before the next. */
    async answer(...names) {
      for (const name of names) {
        answers.get(name).resolve(name);
        await new Promise((done) => setImmediate(done));
      }
    },
    answers,
  };
}

/** All orders of these. */
const orders = (all) =>
  all.length === 0 ? [[]] : all.flatMap((one) => orders(all.filter((other) => other !== one)).map((rest) => [one, ...rest]));

test("in whatever order answers come, what is shown is as if each had come at once", async () => {
  for (let which = 0; which < 2 ** 4; which += 1) {
    const made = ["a", "b", "c", "d"].map((name, i) => ({ name, how: which & (2 ** i) ? ALONE : BESIDE }));
    const last = made.findLastIndex(({ how }) => how.alone);
    const wanted = made.slice(Math.max(last, 0)).map(({ name }) => name);
    for (const order of orders(["a", "b", "c", "d"])) {
      const { shown, pick, answer } = page();
      for (const { name, how } of made) pick(name, how);
      await answer(...order);
      assert.deepEqual(shown, wanted, `${which}: ${order}`);
    }
  }
});

test("one to be shown alone waits for none before it", async () => {
  const { shown, pick, answer } = page();
  pick("slow", ALONE);
  pick("beside", BESIDE);
  pick("quick", ALONE);
  await answer("quick");
  assert.deepEqual(shown, ["quick"]);
  await answer("beside", "slow");
  assert.deepEqual(shown, ["quick"]);
});

test("one that can't be read, or shown, keeps none from its turn", async () => {
  const { shown, pick, answer, answers } = page();
  pick("none", BESIDE);
  pick("next", BESIDE);
  answers.get("none").reject(new Error("gone"));
  await answer("next");
  assert.deepEqual(shown, ["next"]);

  const take = picks(() => {
    throw new Error("a mistake");
  });
  const heard = [];
  for (const name of ["first", "second"]) take([Promise.resolve(name)], BESIDE).catch(() => heard.push(name));
  await new Promise((done) => setImmediate(done));
  assert.deepEqual(heard, ["first", "second"]);
});
