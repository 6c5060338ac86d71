// The position on the time axis that is shown, in updates done. Pure.
//
// A frame of step s is measured before the update of step s, that is after s - 1 updates. So
// position 0 is the network before its first update, and shows the frame of step 1.

/**
 * The last position there is: where all runs that still train have arrived, so that they are seen
 * at the same step; once none does, the newest frame of any.
 */
export function lastPosition(histories) {
  const begun = histories.filter(({ frames }) => frames.length);
  const going = begun.filter(({ ended }) => !ended);
  const positions = (going.length ? going : begun).map(({ frames }) => frames.at(-1).step - 1);
  if (positions.length === 0) return 0;
  return going.length ? Math.min(...positions) : Math.max(...positions);
}

/** The step whose frame a position shows. */
export const stepAt = (position) => position + 1;

/** The position that a step on an axis stands for, kept within what there is. */
export function positionOf(step, last) {
  return Math.min(Math.max(Math.round(step) - 1, 0), last);
}

/** The words for a position: `{key, values}`; an update's size belongs to the update that follows. */
export function positionWords(position, steps, quantity) {
  if (quantity === "update_ratio") return { key: "update", values: { n: position + 1, steps } };
  return position === 0 ? { key: "start", values: {} } : { key: "after", values: { n: position, steps } };
}

/** Runs that have nothing at a position any more, because they had ended before. */
export function endedBefore(series, position) {
  return series.filter(({ history }) => {
    const newest = history.frames.at(-1)?.step ?? 0;
    return history.ended && newest > 0 && newest < stepAt(position);
  });
}
