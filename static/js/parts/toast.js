import { button, make } from "#dom.js";
import { t } from "#logic/words.js";

const SHOWN_MS = 8000;
const shown = new Map(); // by kind and text

/**
 * Show a short message that leaves by itself; an error stays until it is dismissed.
 *
 * The same message again stays one: it says how often it came, and stays as long as a new one.
 *
 * @param {string} text
 * @param {{kind?: "info" | "error", action?: {label: string, run: () => void}}} options
 * @returns {() => void} takes the message away
 */
export function toast(text, { kind = "info", action } = {}) {
  const key = `${kind} ${text}`;
  if (!shown.has(key)) shown.set(key, build(text, kind, action, () => shown.delete(key)));
  return shown.get(key).again(action);
}

function build(text, kind, action, left) {
  const box = make("div", { className: "toast" });
  box.dataset.kind = kind;
  box.setAttribute("role", kind === "error" ? "alert" : "status");
  const words = make("p");
  box.append(words);
  let doing = action;
  let times = 0;
  let timer = 0;
  if (action) box.append(button(action.label, () => (gone(), doing.run())));
  box.append(button(t("common.dismiss"), gone));
  document.getElementById("toasts").append(box);

  function gone() {
    window.clearTimeout(timer);
    box.remove();
    left();
  }

  function again(next) {
    doing = next;
    times += 1;
    words.textContent = times > 1 ? t("common.times", { text, n: times }) : text;
    window.clearTimeout(timer);
    if (kind !== "error") timer = window.setTimeout(gone, SHOWN_MS);
    return gone;
  }

  return { again };
}
