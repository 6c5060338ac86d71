import { button, make, set } from "#dom.js";
import { t } from "#logic/words.js";

/**
 * Show a chart's numbers as a table in a dialog, for a screen reader or anybody who wants them.
 *
 * @param {{title: string, summary: string, columns: string[],
 *   rows: (string | number | {text: string, href: string})[][]}} content the first column names
 *   its row
 */
export function openTable({ title, summary, columns, rows }) {
  const dialog = make("dialog", { className: "plot-table" });
  const heading = make("h2", { id: "plot-table-title", textContent: title });
  dialog.setAttribute("aria-labelledby", heading.id);
  const head = make("div", { className: "plot-table-head" });
  head.append(heading, button(t("charts.menu.close"), () => dialog.close()));
  const scroll = make("div", { className: "plot-table-scroll", tabIndex: 0 });
  set(scroll, { role: "region", "aria-labelledby": heading.id });
  scroll.append(table(columns, rows));
  dialog.append(head, make("p", { textContent: summary }), scroll);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** A table of these columns, whose first names its row. */
export function table(columns, rows) {
  const made = make("table");
  const head = made.createTHead().insertRow();
  for (const column of columns) head.append(make("th", { textContent: column, scope: "col" }));
  const body = made.createTBody();
  for (const [first, ...rest] of rows) {
    const row = body.insertRow();
    row.append(filled(make("th", { scope: "row" }), first));
    for (const value of rest) row.append(filled(make("td"), value));
  }
  return made;
}

function filled(cell, value) {
  if (value !== null && typeof value === "object") {
    cell.append(make("a", { textContent: value.text, href: value.href }));
  } else {
    cell.textContent = value ?? "";
  }
  return cell;
}
