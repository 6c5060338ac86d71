/**
 * What a button unfolds: the element that its aria-controls names. `changed()` is called after each change.
 *
 * @param {HTMLElement} toggle
 * @param {{changed: () => void}} options
 */
export function mount(toggle, { changed }) {
  const el = document.getElementById(toggle.getAttribute("aria-controls"));

  function fold(folded) {
    el.hidden = folded;
    toggle.setAttribute("aria-expanded", String(!folded));
    changed();
  }

  toggle.addEventListener("click", () => fold(!el.hidden));
  return {
    /** Show this element, where it is one of those folded away. */
    reveal(/** @type {Element} */ inner) {
      if (el.hidden && el.contains(inner)) fold(false);
    },
    get folded() {
      return el.hidden;
    },
  };
}
