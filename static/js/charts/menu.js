import { button, make } from "#dom.js";
import { t } from "#logic/words.js";
import { download } from "#charts/image.js";

/**
 * A chart's own menu: which series show, smoothing where it applies, whole view, table, images.
 *
 * @param {import("#charts/view.js").View} view
 */
export function menu(view) {
  const el = make("details", { className: "plot-menu" });
  const title = t(`charts.${view.figure.name}.title`);
  const summary = make("summary", { textContent: "⋯", title: t("charts.menu.open", { chart: title }) });
  summary.setAttribute("aria-label", summary.title);
  const list = make("div", { className: "plot-menu-list" });
  const series = make("fieldset", { hidden: true });
  const smoothing = view.options.smoothing ? slider(view) : null;
  const choice = (name, act) => button(t(`charts.menu.${name}`), act, { className: "quiet" });
  const whole = choice("whole", () => view.reset());
  const items = [
    series,
    smoothing,
    whole,
    choice("table", () => view.table()),
    choice("png", () => save("png")),
    choice("svg", () => save("svg")),
  ];
  list.append(...items.filter(Boolean));
  el.append(summary, list);
  whole.hidden = true;
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
      series.replaceChildren(make("legend", { textContent: t("charts.menu.series") }), ...labels.map((label) => box(view, label)));
    },
  };
}

function box(view, label) {
  const line = make("label");
  const input = make("input", { type: "checkbox", checked: !view.hidden.has(label) });
  input.addEventListener("change", () => view.toggle(label));
  line.append(input, ` ${label}`);
  return line;
}

function slider(view) {
  const line = make("label");
  const input = make("input", { type: "range", min: 0, max: 0.99, step: 0.01, value: 0 });
  input.addEventListener("input", () => view.see({ smoothing: input.valueAsNumber }));
  line.append(t("charts.menu.smoothing"), input);
  return line;
}
