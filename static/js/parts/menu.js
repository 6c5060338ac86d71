// A few links behind one button.

/**
 * A <details> that closes on Escape, on a choice, and when the focus leaves it.
 *
 * @param {string} text on the button
 * @param {string} label what a screen reader hears instead
 * @param {{text: string, href: string}[]} files each is downloaded
 */
export function menu(text, label, files) {
  const el = Object.assign(document.createElement("details"), { className: "menu" });
  const summary = Object.assign(document.createElement("summary"), { className: "button", textContent: text });
  summary.setAttribute("aria-label", label);
  const list = Object.assign(document.createElement("div"), { className: "menu-list" });
  for (const file of files) {
    const link = Object.assign(document.createElement("a"), { textContent: file.text, href: file.href });
    link.download = "";
    list.append(link);
  }
  el.append(summary, list);
  el.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !el.open) return;
    el.open = false;
    summary.focus();
  });
  el.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !el.contains(relatedTarget)) el.open = false;
  });
  list.addEventListener("click", () => {
    el.open = false;
    summary.focus();
  });
  return el;
}
