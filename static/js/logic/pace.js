// How fast training goes and when it will end, from the frames' own clock.
const WINDOW_STEPS = 50;

/** Steps a second over the last steps; null while too little is known. */
export function rateOf(history) {
  const last = history.frames.at(-1);
  if (!last || last.step === 0) return null;
  const from = history.frames.findLast(({ step }) => step <= last.step - WINDOW_STEPS);
  const steps = last.step - (from?.step ?? 0);
  const time = last.time - (from?.time ?? 0);
  return time > 0 ? steps / time : null;
}

/** Steps a second over all of a run; null before its first frame. */
export function averageOf({ frames }) {
  const last = frames.at(-1);
  return last?.step && last.time > 0 ? last.step / last.time : null;
}

/** Seconds of training that a pair still needs: those of its slower half; null if unknown. */
export function timeLeft(histories) {
  const left = histories.filter(({ ended }) => !ended).map((history) => {
    const rate = rateOf(history);
    return rate === null ? null : (history.steps - history.step) / rate;
  });
  return left.includes(null) || !left.length ? null : Math.max(...left);
}
