// Why runs stopped or were interrupted.
import { t } from "#logic/words.js";

/** A statement with its reason, where there is one: "Stopped after step 6: by its owner". */
export function withReason(what, reason) {
  return reason ? t("common.because", { what, reason: reason.replace(/\.$/, "") }) : what;
}

/**
 * Why runs of a pair are in a state: the reason once where it is one, else with each network's name.
 *
 * @param {{name: string, history: {state: string, reason: string | null}}[]} sides
 * @param {string} state
 */
export function reasonOf(sides, state) {
  const early = sides.filter(({ history }) => history.state === state && history.reason);
  const reasons = new Set(early.map(({ history }) => history.reason));
  if (reasons.size > 1) return early.map(({ name, history }) => withReason(name, history.reason)).join("; ");
  return early[0]?.history.reason ?? "";
}

/** Why runs of a sweep ended early, each reason once with how many they were: lines. */
export function earlyEnds(runs) {
  const found = new Map();
  for (const { state, reason } of runs) {
    if (!["stopped", "interrupted"].includes(state)) continue;
    const key = JSON.stringify([state, reason]);
    found.set(key, { state, reason, n: (found.get(key)?.n ?? 0) + 1 });
  }
  const most = [...found.values()].sort((a, b) => b.n - a.n);
  return most.map(({ state, reason, n }) => withReason(t(`depth.progress.${state}`, { n }), reason));
}
