// Where a person stands in time: after how many updates. Pure.
//
// A frame of step s is measured before the update of step s, that is after s - 1 updates. So the
// place 0 is the network before its first update, and shows the frame of step 1.

/**
 * The last place there is: where all runs that still train have arrived, so that they are seen
 * at the same step; once none does, the newest frame of any.
 */
export function lastPlace(histories) {
  const begun = histories.filter(({ frames }) => frames.length);
  const going = begun.filter(({ ended }) => !ended);
  const places = (going.length ? going : begun).map(({ frames }) => frames.at(-1).step - 1);
  if (places.length === 0) return 0;
  return going.length ? Math.min(...places) : Math.max(...places);
}

/** The step whose frame a place shows. */
export const stepAt = (place) => place + 1;

/** The place that a step on an axis stands for, kept within what there is. */
export function placeOf(step, last) {
  return Math.min(Math.max(Math.round(step) - 1, 0), last);
}

/** The words for a place: `{key, values}`; an update's size belongs to the update that follows. */
export function placeWords(place, steps, quantity) {
  if (quantity === "update_ratio") return { key: "update", values: { n: place + 1, steps } };
  return place === 0 ? { key: "start", values: {} } : { key: "after", values: { n: place, steps } };
}

/** Runs that have nothing at a place any more, because they had ended before. */
export function endedBefore(series, place) {
  return series.filter(({ history }) => {
    const newest = history.frames.at(-1)?.step ?? 0;
    return history.ended && newest > 0 && newest < stepAt(place);
  });
}
