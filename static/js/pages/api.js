// /api: the HTTP interface, read from the server's own description of it.
import { make } from "../dom.js";
import { failureOf } from "../logic/failure.js";
import { curl, operations, shapes } from "../logic/openapi.js";
import { t } from "../logic/words.js";
import { Problem, openapi } from "../api.js"; // which gives the words to t(), too

const at = (id) => document.getElementById(id);
const { origin } = window.location;
const REFUSED = {
  field: "net.depth",
  problem: "the convnet family can't have this depth",
  allowed: "allowed: 8 to 1202 in steps of 6; nearest: 20 and 26",
};
const REFUSAL = {
  type: "about:blank",
  title: "Unprocessable Entity",
  status: 422,
  detail: `${REFUSED.field} ${REFUSED.problem}; ${REFUSED.allowed}`,
  problems: [REFUSED],
};
const RUN = { net: { depth: 20 }, steps: 100 };

at("example").textContent = [
  `curl -c jar -b jar -X POST ${origin}/api/runs \\`,
  `  -H 'Content-Type: application/json' \\`,
  `  -d '${JSON.stringify(RUN)}'`,
  "",
  `curl ${origin}/api/runs/<id>`,
  `curl '${origin}/api/runs/<id>/events?after=-1'`,
  `curl -OJ '${origin}/api/runs/<id>/export?format=csv'`,
].join("\n");
at("socket-example").textContent = [
  `const socket = new WebSocket("${origin.replace(/^http/, "ws")}/api/runs/<id>/live?after=-1");`,
  "socket.onmessage = ({ data }) => console.log(JSON.parse(data));",
].join("\n");
// The answer to {"net": {"depth": 21}}; asking for it here would be an error in the console.
at("problem-example").textContent = JSON.stringify(REFUSAL, null, 2);

async function start() {
  const doc = await openapi().catch((problem) => {
    if (!(problem instanceof Problem)) throw problem;
    at("loading").textContent = failureOf(problem);
  });
  if (!doc) return;
  const all = operations(doc);
  at("operations").append(...all.map((one) => operation(one)));
  at("loading").hidden = true;
  const bodies = shapes(doc);
  at("shapes").append(...bodies.map(shape));
  at("shapes-section").hidden = bodies.length === 0;
  contents(all, bodies);
  // The address may name a part that was not there yet when the page was loaded.
  window.addEventListener("hashchange", show);
  show();
}

/** Open and show the part that the address names. */
function show() {
  const part = document.getElementById(window.location.hash.slice(1));
  if (!part) return;
  if (part.tagName === "DETAILS") part.open = true;
  part.scrollIntoView();
}

function contents(all, bodies) {
  const fixed = ["start", "sockets", "problems"].map((id) => [id, at(`${id}-title`).textContent]);
  const items = [...fixed, ...all.map(({ id, method, path }) => [id, `${method} ${path}`])];
  const last = bodies.length ? [["shapes-section", at("shapes-title").textContent]] : [];
  for (const [id, text] of [...items, ...last]) {
    const item = make("li");
    item.append(make("a", { href: `#${id}`, textContent: text }));
    at("contents").append(item);
  }
}

function operation(one) {
  const section = make("section", { className: "panel stack operation", id: one.id });
  const title = make("h3");
  title.append(make("span", { className: "method", textContent: one.method }), " ", make("code", { textContent: one.path }));
  section.append(title);
  if (one.summary) section.append(make("p", { textContent: one.summary }));
  if (one.text) section.append(make("p", { className: "small", textContent: one.text }));
  if (one.parameters.length) {
    section.append(
      table(
        "parameters",
        ["name", "where", "kind", "meaning"].map((key) => t(`api.operations.${key}`)),
        one.parameters.map(({ name, where, kind, needed, text }) => [
          make("code", { textContent: name }),
          where,
          needed ? `${kind} (${t("api.operations.needed")})` : kind,
          text,
        ]),
      ),
    );
  }
  if (one.body) section.append(make("p", { textContent: `${t("api.operations.body")}: ${one.body.kind} (${one.body.type})` }));
  const refusals = one.answers.filter(({ type }) => type === "application/problem+json");
  section.append(
    table(
      "answers",
      ["status", "kind", "meaning"].map((key) => t(`api.operations.${key}`)),
      one.answers
        .filter((answer) => !refusals.includes(answer))
        .map(({ status, kind, type, text }) => [status, shapeLink(kind, type), text]),
    ),
  );
  if (refusals.length) section.append(refused(refusals));
  section.append(code(t("api.operations.curl"), curl(one, origin)));
  return section;
}

/** A body by its name, which leads to its table further down. */
function shapeLink(kind, type) {
  const text = [kind, type].filter(Boolean).join(", ");
  return /^\w+$/.test(kind) ? make("a", { href: `#shape-${kind}`, textContent: text }) : text;
}

/** The ways in which it can be refused, in a line: each has the same form. */
function refused(refusals) {
  const line = make("p", { className: "small" });
  line.append(make("a", { href: "#problems", textContent: t("api.operations.refused") }), ": ");
  line.append(refusals.map(({ status, text }) => `${status} ${text.replace(/\.$/, "")}`).join("; "));
  return line;
}

function shape({ name, text, kind, rows }) {
  const section = make("details", { className: "panel", id: `shape-${name}` });
  section.append(make("summary", { textContent: name }));
  if (text) section.append(make("p", { textContent: text }));
  if (kind) section.append(make("p", { className: "small", textContent: kind }));
  if (rows.length) {
    section.append(
      table(
        "",
        ["field", "kind", "default", "meaning"].map((key) => t(`api.shapes.${key}`)),
        rows.map((row) => [
          make("code", { textContent: row.name }),
          row.needed ? `${row.kind} (${t("api.shapes.needed")})` : row.kind,
          row.fallback,
          row.text,
        ]),
      ),
    );
  }
  return section;
}

function table(caption, heads, rows) {
  const box = make("div", { className: "api-table" });
  const el = make("table");
  if (caption) el.createCaption().textContent = t(`api.operations.${caption}`);
  const head = el.createTHead().insertRow();
  for (const text of heads) head.append(make("th", { textContent: text, scope: "col" }));
  const body = el.createTBody();
  for (const cells of rows) {
    const row = body.insertRow();
    for (const part of cells) row.insertCell().append(part);
  }
  box.append(el);
  return box;
}

function code(label, text) {
  const pre = make("pre", { tabIndex: 0 });
  pre.setAttribute("aria-label", label);
  pre.append(make("code", { textContent: text }));
  return pre;
}

start();
