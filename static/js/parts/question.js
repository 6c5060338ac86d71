// The question before the measurement: three sketches, one click, or none.
import { button } from "../dom.js";
import { PREDICTIONS } from "../logic/predict.js";
import { t } from "../logic/words.js";

const KEY = "depthscope.prediction";

/** What this tab predicted before: a prediction, "skipped", or "". */
export function remembered() {
  try {
    const kept = window.sessionStorage.getItem(KEY) ?? "";
    return [...PREDICTIONS, "skipped"].includes(kept) ? kept : "";
  } catch {
    // Storage may be forbidden: the question is then asked again.
    return "";
  }
}

function remember(answer) {
  try {
    window.sessionStorage.setItem(KEY, answer);
  } catch {
    // Not kept over a reload, and nothing else is lost.
  }
}

/**
 * Mounts on the section of templates/depth.html. `answered(answer)` is called with a prediction,
 * "skipped", or "" to be asked again; update({answer, show, changeable, measure}), `measure` being what
 * is predicted: "train_error" or "train_loss".
 */
export function mount(el, { answered }) {
  const sketches = [...el.querySelectorAll("[data-prediction]")];
  const text = el.querySelector("h2");
  const change = button(t("depth.question.change"), again, { className: "quiet", hidden: true });
  text.after(change);
  const choose = (answer) => {
    remember(answer);
    answered(answer);
  };
  for (const sketch of sketches) {
    sketch.addEventListener("click", () => choose(sketch.dataset.prediction));
  }
  el.querySelector("#unasked").addEventListener("click", () => choose("skipped"));

  function again() {
    choose("");
    sketches[0].focus();
  }

  return {
    update({ answer, show, changeable, measure: name }) {
      const predicted = PREDICTIONS.includes(answer);
      el.hidden = !show || answer === "skipped";
      el.dataset.answer = predicted ? answer : "";
      change.hidden = !predicted || !changeable;
      const measure = t(`charts.measure.${name}`);
      text.textContent = predicted
        ? t("depth.question.yours", { measure, prediction: t(`depth.question.${answer}`) })
        : t("depth.question.text", { measure });
      for (const sketch of sketches) {
        sketch.setAttribute("aria-pressed", String(sketch.dataset.prediction === answer));
      }
    },
  };
}
