// The question before the measurement: three sketches, one click, or none.
import { button } from "#dom.js";
import { PREDICTIONS } from "#logic/predict.js";
import { questionWords } from "#logic/sweepwords.js";
import { t } from "#logic/words.js";

const KEY = "depthscope.predictions";

/** What this tab answered before: {what was asked: a prediction, or "skipped"}. */
function remembered() {
  try {
    return Object(JSON.parse(window.sessionStorage.getItem(KEY)));
  } catch {
    // Storage may be forbidden, or hold what somebody else wrote: the question is then asked again.
    return {};
  }
}

function remember(answers) {
  try {
    window.sessionStorage.setItem(KEY, JSON.stringify(answers));
  } catch {
    // Not kept over a reload, and nothing else is lost.
  }
}

/**
 * Mounts on the section of templates/depth.html. `answered(answer)` is called with a prediction,
 * "skipped", or "" to be asked again.
 *
 * What is asked is {skip, measure}: of which network, and of its "train_error" or "train_loss".
 * update({asked, show}); answer(asked) is what was answered, "" where nothing was.
 */
export function mount(el, { answered }) {
  const answers = remembered();
  const sketches = [...el.querySelectorAll("[data-prediction]")];
  const text = el.querySelector("h2");
  const change = button(t("depth.question.change"), again, { className: "quiet", hidden: true });
  let name = "";
  text.after(change);
  const nameOf = ({ skip, measure }) => `${skip} ${measure}`;
  const choose = (answer) => {
    answers[name] = answer;
    remember(answers);
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

  const answer = (asked) => {
    const known = answers[nameOf(asked)];
    return [...PREDICTIONS, "skipped"].includes(known) ? known : "";
  };

  return {
    answer,
    update({ asked, show }) {
      name = nameOf(asked);
      const given = answer(asked);
      const predicted = PREDICTIONS.includes(given);
      el.hidden = !show || given === "skipped";
      el.dataset.answer = predicted ? given : "";
      change.hidden = !predicted;
      text.textContent = questionWords(asked, predicted ? given : null);
      for (const sketch of sketches) {
        sketch.setAttribute("aria-pressed", String(sketch.dataset.prediction === given));
      }
    },
  };
}
