// Several runs in one chart, each labelled by what sets it apart, with a table of where they stand.
import { mount as mountError } from "#charts/errorByStep.js";
import { mount as mountLoss } from "#charts/lossByStep.js";
import { Problem, read } from "#api.js";
import { make, write } from "#dom.js";
import { catalog, figures } from "#given.js";
import { follow } from "#live.js";
import { gradientsLink } from "#logic/gradientslink.js";
import { dataOf, nameOf } from "#logic/data.js";
import { isGone } from "#logic/failure.js";
import { RunHistory } from "#logic/history.js";
import { lineNames, resultWords, runWords } from "#logic/specwords.js";
import { skipOf } from "#logic/spec.js";
import { t } from "#logic/words.js";
import { connectionWords } from "#parts/connection.js";
import { swatch } from "#charts/swatch.js";

const AGAIN_MS = 2000;

/**
 * Mounts on the overlay section of templates/runs.html. update({ids}) shows these runs, or nothing
 * for none; `closed()` is called on its button, `gone(id)` for a run that is no longer stored. While
 * the server can't be reached the overlay says so, and tries again.
 */
export function mount(el, { table: fields, closed, gone }) {
  const sides = new Map();
  const table = el.querySelector("table");
  const lost = el.querySelector("#overlay-lost");
  let chart = null;
  let frame = 0;

  el.querySelector("#overlay-close").addEventListener("click", closed);
  document.addEventListener("themechange", soon);

  function update({ ids }) {
    el.hidden = ids.length === 0;
    for (const [id, side] of sides) {
      if (ids.includes(id)) continue;
      side.close();
      sides.delete(id);
    }
    for (const id of ids) if (!sides.has(id)) sides.set(id, open(id));
    if (ids.length) soon();
  }

  /** Follow one run from its beginning: a running and an ended one come the same way. */
  function open(id) {
    const side = { history: null, run: null, socket: null, timer: 0, closed: false, connection: "", close };
    function close() {
      side.closed = true;
      side.socket?.close();
      window.clearTimeout(side.timer);
    }
    async function begin() {
      const run = await read("runs", id).catch((problem) => {
        if (!(problem instanceof Problem)) throw problem;
        return problem;
      });
      if (side.closed) return;
      side.connection = run instanceof Problem ? "unreachable" : "";
      if (!side.connection) take(run);
      else if (isGone(run)) return gone(id);
      else side.timer = window.setTimeout(begin, AGAIN_MS);
      soon();
    }
    function take(run) {
      side.run = run;
      side.history = new RunHistory(id, run.spec);
      side.socket = follow("runs", id, {}, {
        onEvents(_, events) {
          if (side.history.add(events)) soon();
        },
        onState(message) {
          side.history.stand(message);
          soon();
        },
        onConnection(connection) {
          if (connection === "gone") return gone(id);
          side.connection = connection;
          return soon();
        },
      });
    }
    begin();
    return side;
  }

  function soon() {
    frame ||= window.requestAnimationFrame(() => {
      frame = 0;
      draw();
    });
  }

  function draw() {
    write(lost, connectionWords([...sides.values()].map(({ connection }) => connection)));
    lost.hidden = lost.textContent === "";
    const known = [...sides.values()].filter(({ history }) => history !== null);
    if (el.hidden || known.length === 0) return;
    const names = lineNames(known.map(({ run }) => run.spec), fields);
    const series = known.map(({ history, run }, i) => ({
      label: known.length > 1 ? names[i] : runWords(run.spec, fields),
      skip: skipOf(run.spec),
      history,
    }));
    const drawn = chartOf(known);
    drawn.update({ series, chance: chanceOf(known) });
    drawTable(series, known, drawn.paints(series));
  }

  /** Of errors, or of losses where some run has no error. */
  function chartOf(known) {
    const errors = known.every(({ run }) => dataOf(run.spec, catalog()).task === "classification");
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
    series.forEach(({ label, skip, history }, i) => {
      const row = body.insertRow();
      const name = make("th", { scope: "row" });
      const link = make("a", { href: gradientsLink([history.id]), textContent: label });
      name.append(swatch(skip, paints[i]), " ", link);
      const state = known[i].run.state === "interrupted" ? "interrupted" : history.state;
      const step = t("runs.entry.step", { step: history.step, steps: history.steps });
      const cells = [t(`common.states.${state}`), step, resultWords(resultOf(history))];
      row.append(name, ...cells.map((textContent) => make("td", { textContent })));
    });
  }

  return { update };
}

/** Chance is a line only where it is the same for all. */
function chanceOf(known) {
  const names = new Set(known.map(({ run }) => nameOf(run.spec)));
  return names.size === 1 ? dataOf(known[0].run.spec, catalog()).chance : undefined;
}

/** The last evaluation and the ending, as the server keeps them of a run. */
function resultOf(history) {
  const last = history.evaluations.at(-1);
  const { step, state, reason, ending } = history;
  const result = { ...last, step, evaluated: last?.step, diverged: history.diverged !== null, became: ending?.became };
  return { state, step, reason, result };
}
