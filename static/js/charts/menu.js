import { t } from "../logic/words.js";
import { download } from "./image.js";

/**
 * A chart's own menu: which series show, smoothing where it applies, whole view, table, images.
 *
 * @param {import("./view.js").View} view
 */
export function menu(view) {
  const el = document.createElement("details");
  el.className = "plot-menu";
  const title = t(`charts.${view.figure.name}.title`);
  const summary = document.createElement("summary");
  summary.textContent = "⋯";
  summary.title = t("charts.menu.open", { chart: title });
  summary.setAttribute("aria-label", summary.title);
  const list = document.createElement("div");
  list.className = "plot-menu-list";
  const series = document.createElement("fieldset");
  const smoothing = view.options.smoothing ? slider(view) : null;
  const whole = button(t("charts.menu.whole"), () => view.reset());
  const items = [
    series,
    smoothing,
    whole,
    button(t("charts.menu.table"), () => view.table()),
    button(t("charts.menu.png"), () => save("png")),
    button(t("charts.menu.svg"), () => save("svg")),
  ];
  list.append(...items.filter(Boolean));
  el.append(summary, list);
  whole.hidden = true;
  series.hidden = true;
  let known = "";

  async function save(format) {
    download(await view.image(format), `depthscope-${view.figure.name}.${format}`);
  }

  const close = () => {
    el.open = false;
  };
  el.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !el.open) return;
    event.stopPropagation();
    close();
    summary.focus();
  });
  el.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !el.contains(relatedTarget)) close();
  });
  // Before the button does its work: a dialog gives the focus back to where it was, and the button is gone.
  list.addEventListener(
    "click",
    ({ target }) => {
      if (!target.closest("button")) return;
      close();
      summary.focus();
    },
    { capture: true },
  );

  return {
    el,
    /** Follow what is drawn: `labels` are the series that can be hidden. */
    update({ labels = [] }) {
      whole.hidden = Object.keys(view.zoom).length === 0;
      const key = labels.join("\n");
      if (key === known) return;
      known = key;
      series.hidden = labels.length < 2;
      series.replaceChildren(legend(t("charts.menu.series")), ...labels.map((label) => box(view, label)));
    },
  };
}

function legend(text) {
  const made = document.createElement("legend");
  made.textContent = text;
  return made;
}

function box(view, label) {
  const line = document.createElement("label");
  const input = document.createElement("input");
  input.type = "checkbox";
  input.checked = !view.hidden.has(label);
  input.addEventListener("change", () => view.toggle(label));
  line.append(input, ` ${label}`);
  return line;
}

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "quiet";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function slider(view) {
  const line = document.createElement("label");
  const input = Object.assign(document.createElement("input"), {
    type: "range",
    min: 0,
    max: 0.99,
    step: 0.01,
    value: 0,
  });
  input.addEventListener("input", () => view.see({ smoothing: input.valueAsNumber }));
  line.append(t("charts.menu.smoothing"), input);
  return line;
}
