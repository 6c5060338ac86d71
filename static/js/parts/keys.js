const KEY = "depthscope.keys";
// A letter is typed into these, or chooses in them; what a dialog covers is not to be acted on.
const TYPING = "input:not([type=checkbox], [type=range]), select, textarea, [contenteditable], dialog";
// The space key belongs to whatever has the focus, and to what it scrolls: here nothing has it.
const NOTHING = "body, main";

/**
 * Single keys that work on the whole page, while a person wants them to (WCAG 2.2, 2.1.4).
 *
 * `box`, a checkbox, switches them; this browser remembers it. `changed(on)` is called at first and
 * with each change.
 *
 * @param {Record<string, () => void>} actions by `event.key`
 */
export function shortcuts(actions, box, changed) {
  box.checked = remembered() !== "off";
  changed(box.checked);
  box.addEventListener("change", () => {
    remember(box.checked ? "on" : "off");
    changed(box.checked);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
    const action = box.checked && actions[event.key];
    const taken = event.key === " " ? !event.target.matches(NOTHING) : event.target.closest(TYPING);
    if (!action || taken) return;
    event.preventDefault();
    action();
  });
}

function remembered() {
  try {
    return window.localStorage.getItem(KEY);
  } catch {
    return null; // Storage may be forbidden: the keys then work until they are switched off.
  }
}

function remember(choice) {
  try {
    window.localStorage.setItem(KEY, choice);
  } catch {
    // Not kept over a reload, and nothing else is lost.
  }
}
