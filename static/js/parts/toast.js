import { button, make } from "../dom.js";
import { t } from "../logic/words.js";

const SHOWN_MS = 8000;

/**
 * Show a short message that leaves by itself; an error stays until it is dismissed.
 *
 * @param {string} text
 * @param {{kind?: "info" | "error", action?: {label: string, run: () => void}}} options
 * @returns {() => void} takes the message away
 */
export function toast(text, { kind = "info", action } = {}) {
  const box = make("div", { className: "toast" });
  box.dataset.kind = kind;
  box.setAttribute("role", kind === "error" ? "alert" : "status");
  box.append(make("p", { textContent: text }));
  const gone = () => box.remove();
  if (action) box.append(button(action.label, () => (gone(), action.run())));
  box.append(button(t("common.dismiss"), gone));
  document.getElementById("toasts").append(box);
  if (kind !== "error") window.setTimeout(gone, SHOWN_MS);
  return gone;
}
