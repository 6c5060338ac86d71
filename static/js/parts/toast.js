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
  const box = document.createElement("div");
  box.className = "toast";
  box.dataset.kind = kind;
  box.setAttribute("role", kind === "error" ? "alert" : "status");
  const words = document.createElement("p");
  words.textContent = text;
  box.append(words);
  const gone = () => box.remove();
  if (action) box.append(button(action.label, () => (gone(), action.run())));
  box.append(button(t("common.dismiss"), gone));
  document.getElementById("toasts").append(box);
  if (kind !== "error") window.setTimeout(gone, SHOWN_MS);
  return gone;
}

function button(label, run) {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = label;
  element.addEventListener("click", run);
  return element;
}
