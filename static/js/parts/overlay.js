// Several runs in one chart, each labelled by what sets it apart, with a table of where they stand.
import { mount as mountError } from "#charts/errorByStep.js";
import { mount as mountLoss } from "#charts/lossByStep.js";
import { make, write } from "#dom.js";
import { catalog, figures } from "#given.js";
import { gradientsLink } from "#logic/gradientslink.js";
import { dataOf, nameOf } from "#logic/data.js";
import { lineNames, resultWords, runWords } from "#logic/specwords.js";
import { skipOf } from "#logic/spec.js";
import { t } from "#logic/words.js";
import { connectionWords } from "#parts/connection.js";
import { swatch } from "#charts/swatch.js";
import { RunStore } from "#runstore.js";

/**
 * Mounts on the overlay section of templates/runs.html. update({ids}) shows these runs, or nothing
 * for none; `closed()` is called on its button, `gone(id)` for a run that is no longer stored. While
 * the server can't be reached the overlay says so, and tries again.
 */
export function mount(el, { table: fields, closed, gone }) {
  const runs = new RunStore({ changed: soon, gone: ({ id }) => gone(id) });
  const table = el.querySelector("table");
  const lost = el.querySelector("#overlay-lost");
  let chart = null;
  let frame = 0;

  el.querySelector("#overlay-close").addEventListener("click", closed);
  document.addEventListener("themechange", soon);

  function update({ ids }) {
    el.hidden = ids.length === 0;
    for (const one of runs.followed) if (!ids.includes(one.id)) one.close();
    for (const id of ids) if (!runs.find(id)) runs.run(id);
    if (ids.length) soon();
  }

  function soon() {
    frame ||= window.requestAnimationFrame(() => {
      frame = 0;
      draw();
    });
  }

  function draw() {
    write(lost, connectionWords(runs.followed.map(({ connection }) => connection)));
    lost.hidden = lost.textContent === "";
    const known = runs.followed.flatMap((one) => one.runs); // without those that are not read yet
    if (el.hidden || known.length === 0) return;
    const names = lineNames(known.map(({ summary }) => summary.spec), fields);
    const series = known.map(({ history, summary }, i) => ({
      label: known.length > 1 ? names[i] : runWords(summary.spec, fields),
      skip: skipOf(summary.spec),
      history,
    }));
    const drawn = chartOf(known);
    drawn.update({ series, chance: chanceOf(known) });
    drawTable(series, known, drawn.paints(series));
  }

  /** Of errors, or of losses where some run has no error. */
  function chartOf(known) {
    const errors = known.every(({ summary }) => dataOf(summary.spec, catalog()).task === "classification");
    const mount = errors ? mountError : mountLoss;
    if (chart?.mount === mount) return chart.drawn;
    chart?.drawn.destroy();
    el.querySelector("#overlay-title").textContent = t(`runs.overlay.${errors ? "title" : "title_loss"}`);
    const figure = errors ? figures().errorByStep : figures().lossByStep;
    chart = { mount, drawn: mount(el.querySelector("#chart"), figure, {}) };
    return chart.drawn;
  }

  function drawTable(series, known, paints) {
    const columns = ["run", "state", "step", "measured"];
    const head = table.tHead ?? table.createTHead();
    if (!head.rows.length) {
      const row = head.insertRow();
      for (const name of columns) row.append(make("th", { textContent: t(`runs.overlay.${name}`), scope: "col" }));
    }
    const body = table.tBodies[0] ?? table.createTBody();
    body.replaceChildren();
    series.forEach(({ label, skip }, i) => {
      const { id, state, step, steps } = known[i].summary;
      const row = body.insertRow();
      const name = make("th", { scope: "row" });
      const link = make("a", { href: gradientsLink([id]), textContent: label });
      name.append(swatch(skip, paints[i]), " ", link);
      const cells = [t(`common.states.${state}`), t("runs.entry.step", { step, steps }), resultWords(known[i].summary)];
      row.append(name, ...cells.map((textContent) => make("td", { textContent })));
    });
  }

  return { update };
}

/** Chance is a line only where it is the same for all. */
function chanceOf(known) {
  const names = new Set(known.map(({ summary }) => nameOf(summary.spec)));
  return names.size === 1 ? dataOf(known[0].summary.spec, catalog()).chance : undefined;
}
