// A few links behind one button.
import { make } from "#dom.js";

/**
 * A <details> that closes on Escape, on a choice, and when the focus leaves it.
 *
 * @param {string} text on the button
 * @param {string} label what a screen reader hears instead
 * @param {{text: string, href: string}[]} files each is downloaded
 */
export function menu(text, label, files, ...more) {
  const el = make("details", { className: "menu" });
  const summary = make("summary", { className: "button", textContent: text });
  summary.setAttribute("aria-label", label);
  const list = make("div", { className: "menu-list" });
  for (const file of files) {
    list.append(make("a", { textContent: file.text, href: file.href, download: "" }));
  }
  list.append(...more);
  el.append(summary, list);
  el.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !el.open) return;
    el.open = false;
    summary.focus();
  });
  el.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !el.contains(relatedTarget)) el.open = false;
  });
  list.addEventListener("click", ({ target }) => {
    if (!target.closest("a")) return;
    el.open = false;
    summary.focus();
  });
  return el;
}
