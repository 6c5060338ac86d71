import { make } from "#dom.js";
import { t } from "#logic/words.js";
import { swatch } from "#charts/swatch.js";

/** A table with a column for each network; `update({sides: [{skip, name}], rows})`. */
export function mount(table) {
  const head = table.createTHead().insertRow();
  const body = table.createTBody();
  let shown = "";

  function update({ sides, rows }) {
    // Rebuilding a table under somebody's selection is worth avoiding while nothing changed.
    const key = JSON.stringify([sides, rows]);
    if (key === shown) return;
    shown = key;
    head.replaceChildren(...(sides.length ? [column(t("lab.facts.quantity"))] : []), ...sides.map(network));
    body.replaceChildren(...rows.map(row));
  }

  return { update };
}

function column(text) {
  const cell = make("th", { scope: "col" });
  cell.append(text);
  return cell;
}

function network({ skip, name }) {
  const cell = column("");
  cell.append(swatch(skip), ` ${name}`);
  return cell;
}

function row({ name, cells }) {
  const line = make("tr");
  const title = make("th", { scope: "row", textContent: name });
  line.append(title, ...cells.map(cell));
  return line;
}

function cell({ text, note }) {
  const box = make("td");
  box.append(text);
  if (note) {
    box.append(make("br"), make("small", { textContent: note }));
  }
  return box;
}
