// One of a few, chosen by buttons side by side.
import { button, set } from "#dom.js";
import { has, t } from "#logic/words.js";

/** What the page's address says of a choice, if anything. */
export const linked = (name) => new URLSearchParams(window.location.search).get(name);

/**
 * Fill an element with a button for each name of `of`, the default first. `words` is the key of their
 * words: `label` of all, each name's own, and perhaps its `hint`. It begins with `value`, or with the
 * default where that is none of them; `chosen(name)` is called when another is pressed.
 *
 * @param {HTMLElement} el
 * @param {{of: string[], words: string}} choice
 * @param {{value?: string | null, chosen: (name: string) => void}} options
 */
export function mount(el, { of, words }, { value, chosen }) {
  el.classList.add("segments");
  set(el, { role: "group", "aria-label": t(`${words}.label`) });
  const hint = (name) => (has(`${words}.hint.${name}`) ? t(`${words}.hint.${name}`) : "");
  const buttons = of.map((name) => button(t(`${words}.${name}`), () => choose(name), { title: hint(name) }));
  let now = "";

  function mark(name) {
    now = name;
    buttons.forEach((one, i) => one.setAttribute("aria-pressed", String(of[i] === name)));
  }

  function choose(name) {
    if (name === now) return;
    mark(name);
    chosen(name);
  }

  el.replaceChildren(...buttons);
  mark(value && of.includes(value) ? value : of[0]);
  return {
    get value() {
      return now;
    },
    /** @returns {string | null} what a link says of it: nothing of the default */
    get link() {
      return now === of[0] ? null : now;
    },
    /** Offer only these, and mark one of them. */
    update(offered, name) {
      buttons.forEach((one, i) => {
        one.hidden = !offered.includes(of[i]);
      });
      mark(name);
    },
  };
}
