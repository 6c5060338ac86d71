// Picks that are read before they are shown: they count in the order in which they were made.

/**
 * @param {(answers: PromiseSettledResult<Json>[], how: {alone: boolean}) => void} settled takes what was
 *   read of one pick, once all earlier ones are through; never where a later one is to be shown alone
 * @returns {(questions: Promise<Json>[], how: {alone: boolean}) => Promise<void>} makes a pick, and
 *   promises that it is through
 */
export function picks(settled) {
  let made = 0;
  let alone = 0; // the last that is shown alone
  let earlier = Promise.resolve(); // all that the next one waits for

  return function pick(questions, how) {
    made += 1;
    const own = made;
    if (how.alone) {
      alone = own;
      earlier = Promise.resolve();
    }
    const through = Promise.all([Promise.allSettled(questions), earlier]).then(([answers]) => {
      if (own >= alone) settled(answers, how);
    });
    // One that fails is told of as any error is, and keeps none from its turn.
    earlier = through.catch(() => {});
    return through;
  };
}
