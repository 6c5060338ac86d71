import { t } from "../logic/words.js";

/**
 * Show a chart's numbers as a table in a dialog, for a screen reader or anybody who wants them.
 *
 * @param {{title: string, summary: string, columns: string[],
 *   rows: (string | number | {text: string, href: string})[][]}} content the first column names
 *   its row
 */
export function openTable({ title, summary, columns, rows }) {
  const dialog = document.createElement("dialog");
  dialog.className = "plot-table";
  const heading = make("h2", title);
  heading.id = "plot-table-title";
  dialog.setAttribute("aria-labelledby", heading.id);
  const close = make("button", t("charts.menu.close"));
  close.type = "button";
  close.addEventListener("click", () => dialog.close());
  const head = make("div", "");
  head.className = "plot-table-head";
  head.append(heading, close);
  const scroll = make("div", "");
  scroll.className = "plot-table-scroll";
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-labelledby", heading.id);
  scroll.append(table(columns, rows));
  dialog.append(head, make("p", summary), scroll);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function table(columns, rows) {
  const made = make("table", "");
  const head = made.createTHead().insertRow();
  for (const column of columns) head.append(make("th", column, { scope: "col" }));
  const body = made.createTBody();
  for (const [first, ...rest] of rows) {
    const row = body.insertRow();
    row.append(filled(make("th", "", { scope: "row" }), first));
    for (const value of rest) row.append(filled(make("td", ""), value));
  }
  return made;
}

function filled(cell, value) {
  if (value !== null && typeof value === "object") {
    cell.append(make("a", value.text, { href: value.href }));
  } else {
    cell.textContent = value ?? "";
  }
  return cell;
}

function make(tag, text, attributes = {}) {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
