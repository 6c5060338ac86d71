import { t } from "#logic/words.js";

/**
 * What a loss did that stopped being finite: "became infinite at step 3".
 *
 * @param {{step: number, became?: "infinite" | "nan" | null}} ending or result of a run that
 *   diverged; one that was kept before the two were told apart has no `became`
 */
export function divergence({ step, became }) {
  return t(`common.divergence.${became ?? "unknown"}`, { step });
}
