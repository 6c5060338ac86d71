// The choice of what is shown of networks: any measure that a run on show carries.
import { make } from "#dom.js";
import { FLOW, carried, nowhere } from "#logic/measures.js";
import { t } from "#logic/words.js";

/**
 * Mounts on a <select>. It begins with `value`, or with the gradient flow; `chosen()` is called when
 * another is chosen. update(series) offers what these runs carry, and says why of what they all lack.
 *
 * @param {HTMLSelectElement} el
 * @param {{value?: string | null, chosen: () => void}} options
 */
export function mount(el, { value: first, chosen }) {
  let now = first ?? FLOW;
  let offered = "";
  el.addEventListener("change", () => {
    now = el.value;
    chosen();
  });
  return {
    /** The measure that is shown: the gradient flow, or the first there is, where no run carries what was asked for. */
    get value() {
      return el.options.length ? el.value : now;
    },
    /** @returns {string | null} what a link says of it: nothing of the gradient flow */
    get link() {
      return now === FLOW ? null : now;
    },
    update(series) {
      const list = carried(series.map(({ history }) => history));
      const without = nowhere(series);
      const key = JSON.stringify([list.map(({ name }) => name), without]);
      if (key === offered || list.length === 0) return;
      offered = key;
      el.replaceChildren(
        ...list.map(({ name, title, summary }) => make("option", { value: name, textContent: title, title: summary })),
        ...without.map((one) => make("option", { value: one.name, textContent: t("flow.nowhere", one), disabled: true })),
      );
      el.value = [now, FLOW, list[0].name].find((name) => list.some((one) => one.name === name));
    },
  };
}
