// What did not work, in words: of a Problem of api.js, or of anything else that was thrown.
import { t } from "#logic/words.js";

/** Why it did not work. */
export const reasonOf = (error) => (error.unreachable ? t("common.unreachable") : error.message);

/** That it did not work, and why. */
export const failureOf = (error) =>
  error.unreachable ? reasonOf(error) : t("common.failed", { detail: reasonOf(error) });

/** Whether there is nothing of that name (404), or can't be (422). */
export const isGone = ({ status }) => status === 404 || status === 422;
