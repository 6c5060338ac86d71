// Where a run can stand.
import { t } from "#logic/words.js";

/** The events that end a run; each is also the state that it ends in. */
export const ENDINGS = new Set(["finished", "stopped", "failed"]);

/** Whether a state is for good. One that a restarted server found going has no event of its end. */
export const ended = (state) => ENDINGS.has(state) || state === "interrupted";

/** Whether a run or pair in this state waits, trains or pauses. */
export const active = (state) => ["queued", "running", "paused"].includes(state);

/** The state of a run, a study or an analysis in a word. An analysis trains nothing. */
export const stateWords = ({ state, analysis }) => t(`common.states.${analysis && state === "running" ? "analysing" : state}`);
