const KEY = "depthscope.keys";
// A letter is typed into these, or chooses in them; what a dialog covers is not to be acted on.
const TYPING = "input:not([type=checkbox], [type=range]), select, textarea, [contenteditable], dialog";
// The space key belongs to whatever has the focus, and to what it scrolls: here nothing has it.
const NOTHING = "body, main";

/**
 * Single keys that press buttons from the whole page, while a person wants them to (WCAG 2.2, 2.1.4).
 *
 * `box`, a checkbox, switches them; this browser remembers it. While they work the buttons say so.
 *
 * @param {Record<string, HTMLButtonElement>} buttons by `event.key`
 */
export function shortcuts(buttons, box) {
  box.checked = remembered() !== "off";
  tell();
  box.addEventListener("change", () => {
    remember(box.checked ? "on" : "off");
    tell();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
    const button = box.checked && buttons[event.key];
    const focus = /** @type {Element} */ (event.target);
    const taken = event.key === " " ? !focus.matches(NOTHING) : focus.closest(TYPING);
    if (!button || taken) return;
    event.preventDefault();
    button.click();
  });

  function tell() {
    for (const [key, button] of Object.entries(buttons)) {
      if (box.checked) button.setAttribute("aria-keyshortcuts", key === " " ? "Space" : key);
      else button.removeAttribute("aria-keyshortcuts");
    }
  }
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
