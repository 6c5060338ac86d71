// One chart a task: each redraw has an animation frame of its own, and a chart that costs much
// waits longer for its next turn, so that drawing takes about a seventh of the time at most.

const SHARE = 6;
const LEAST_GAP_MS = 50;

const jobs = new Map(); // key -> {draw, due}
const rest = new WeakMap(); // key -> when it may draw again
let frame = 0;
let timer = 0;

/**
 * Call `draw` soon, once however often this is asked for.
 *
 * @param {object} key whose turn it is; a later call with the same key replaces the earlier
 * @param {() => void} draw
 * @param {number} longest the most milliseconds to wait for its turn
 */
export function schedule(key, draw, longest = 170) {
  jobs.set(key, { draw, due: rest.get(key) ?? 0, longest });
  pump();
}

/** Forget what `key` wanted to draw. */
export function cancel(key) {
  jobs.delete(key);
}

function pump() {
  if (frame || jobs.size === 0) return;
  window.clearTimeout(timer);
  const [, { due }] = next();
  const wait = due - performance.now();
  if (wait <= 0) frame = requestAnimationFrame(turn);
  else timer = window.setTimeout(pump, wait);
}

function next() {
  let first = null;
  for (const entry of jobs) if (!first || entry[1].due < first[1].due) first = entry;
  return first;
}

function turn() {
  frame = 0;
  if (jobs.size === 0) return;
  const [key, { draw, longest }] = next();
  jobs.delete(key);
  const start = performance.now();
  try {
    draw();
  } finally {
    const end = performance.now();
    const gap = Math.min(Math.max(SHARE * (end - start), LEAST_GAP_MS), longest);
    rest.set(key, end + gap);
    pump();
  }
}
