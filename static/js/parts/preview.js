// Step 0 of both twins, measured again whenever the settings change.
import * as api from "#api.js";
import { preview } from "#logic/pair.js";

const REST_MS = 150;
const AGAIN_MS = 3000; // until it is asked again what got no answer

/**
 * Ask for step 0 of a study's two networks once the settings have come to rest; again and again
 * where nobody answers.
 *
 * @param {(state: {busy: boolean, histories?: Json[] | null, problems: Json[],
 *   failure: Error | null}) => void} onChange
 * @returns {{ask: (study: Json) => void, drop: () => void}}
 */
export function previewer(onChange) {
  let timer = 0;
  let asking = null;

  function drop() {
    window.clearTimeout(timer);
    asking?.abort();
    asking = null;
  }

  function ask(study, { rest = REST_MS } = {}) {
    drop();
    onChange({ busy: true, problems: [], failure: null });
    timer = window.setTimeout(() => measure(study), rest);
  }

  async function measure(study) {
    const mine = new AbortController();
    asking = mine;
    const { signal } = mine;
    try {
      const { runs } = await api.plan(study, { signal });
      const answers = await Promise.all(runs.map((spec) => api.describe(spec, { signal })));
      if (asking === mine) onChange({ busy: false, histories: answers.map(preview), problems: [], failure: null });
    } catch (error) {
      if (error.name === "AbortError" || asking !== mine) return;
      const problems = error.problems ?? [];
      if (!problems.length) timer = window.setTimeout(() => measure(study), AGAIN_MS);
      onChange({ busy: false, histories: null, problems, failure: problems.length ? null : error });
    }
  }

  return { ask, drop };
}
