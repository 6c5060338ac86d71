const TYPING = "input, select, textarea, button, a, summary, [role=slider], [contenteditable]";

/**
 * Keys that work wherever the focus is, but in a control that has its own use for them.
 *
 * @param {Record<string, () => void>} actions by `event.key`
 */
export function shortcuts(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
    const action = actions[event.key];
    // The space key presses a button and opens a list; letters do neither.
    const typed = event.key === " " ? TYPING : "input, select, textarea, [contenteditable]";
    if (!action || event.target.closest(typed)) return;
    event.preventDefault();
    action();
  });
}
