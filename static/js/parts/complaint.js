// What did not work, said for as long as it holds.
import { health, Problem } from "#api.js";
import { failureOf } from "#logic/failure.js";
import { toast } from "#parts/toast.js";

const AGAIN_MS = 2000;
let waiting = null;

/**
 * Say what did not work. That the server does not answer is said until it does again.
 *
 * @param {Problem} problem
 * @param {string} words
 */
export function complain(problem, words = failureOf(problem)) {
  const away = toast(words, { kind: "error" });
  if (problem.unreachable) answered().then(away);
}

/**
 * Wait until the server answers again; it is asked now and then, whoever waits.
 *
 * @returns {Promise<void>}
 */
export function answered() {
  waiting ??= ask().finally(() => (waiting = null));
  return waiting;
}

async function ask() {
  for (;;) {
    await new Promise((rung) => setTimeout(rung, AGAIN_MS));
    try {
      return await health();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (!problem.unreachable) return null;
    }
  }
}
