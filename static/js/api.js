// The server's HTTP interface.

/** How long an answer may take: what hangs is asked again, on another connection. */
const ANSWER_MS = 10_000;

/** What the server answered when it refused (RFC 9457), or that it could not be reached. */
export class Problem extends Error {
  /** @param {{status?: number, title?: string, detail?: string, problems?: Json[]}} answer */
  constructor({ status = 0, title, detail = "", problems = [] }) {
    super(detail || title);
    this.name = "Problem";
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.problems = problems;
  }

  /** Whether there was no answer at all. */
  get unreachable() {
    return this.status === 0;
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {{body?: Json, signal?: AbortSignal}} options
 */
async function ask(method, path, { body, signal } = {}) {
  let answer;
  let content = null;
  try {
    answer = await fetch(path, {
      method,
      signal,
      credentials: "same-origin",
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    // A connection may break while the body comes, too.
    if (answer.ok ? answer.status !== 204 : isJson(answer)) content = await answer.json();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem({ title: "unreachable" });
  }
  const { status, statusText } = answer;
  if (!answer.ok) throw new Problem({ title: statusText || String(status), ...content, status });
  return content;
}

const isJson = ({ headers }) => headers.get("content-type")?.includes("json");

const query = (values) => {
  const set = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  return set.length ? `?${new URLSearchParams(set)}` : "";
};

/** Options of a question that must not wait for ever. */
export const patience = () => ({ signal: AbortSignal.timeout(ANSWER_MS) });
/** The runs that a study would train: `{runs: RunSpec[]}`; nothing is stored. */
export const plan = (study, options = {}) =>
  ask("POST", "api/studies/plan", { body: study, ...options });
/** Layers, shapes, memory and the measurements of step 0 of one RunSpec. */
export const describe = (spec, options = {}) =>
  ask("POST", "api/describe", { body: spec, ...options });
/**
 * The test examples that a run on a data set asks, to be shown; the default number or `count`.
 * `resize`: what own images are brought to.
 *
 * @param {string} name
 * @param {{count?: number, resize?: number, signal?: AbortSignal}} options
 */
export const samples = (name, { count, resize, ...options } = {}) =>
  ask("GET", `api/data/${encodeURIComponent(name)}/samples${query({ count, resize })}`, options);
/** Start a study. */
export const createStudy = (spec, { paused = false } = {}) =>
  ask("POST", `api/studies${query({ paused })}`, { body: spec });
/** Ask a question of a run's trained network: {analysis, of, parameters}; what comes of it is a run. */
export const analyse = (asked) => ask("POST", "api/analyses", { body: asked });
/** One run or study (`kind` is "runs" or "studies"). */
export const read = (kind, id, options = {}) =>
  ask("GET", `api/${kind}/${encodeURIComponent(id)}`, options);
/** A page of runs or studies: `{items, next}`. */
export const list = (kind, values = {}, options = {}) =>
  ask("GET", `api/${kind}${query(values)}`, options);
/**
 * Pause, resume, step or stop; or "set" live settings to `values`, by their paths.
 *
 * @param {"runs" | "studies"} kind
 * @param {string} id
 * @param {string} action
 * @param {Record<string, number>} [values]
 */
export const control = (kind, id, action, values) =>
  ask("POST", `api/${kind}/${encodeURIComponent(id)}/control`, { body: { action, ...(values && { values }) } });
/** Delete a run or study, and all it said. */
export const remove = (kind, id) => ask("DELETE", `api/${kind}/${encodeURIComponent(id)}`);
/** Events of a run after a cursor: `{events, next}`. */
export const events = (id, values = {}, options = {}) =>
  ask("GET", `api/runs/${encodeURIComponent(id)}/events${query(values)}`, options);
/** Every data set, how much of it is on the server's machine, and its download: `{items}`. */
export const dataSets = (options = {}) => ask("GET", "api/data", options);
/** Download a data set in the server, or join the one under way. */
export const download = (name) => ask("POST", `api/data/${encodeURIComponent(name)}/download`);
/** Cancel a download that this browser began. */
export const cancelDownload = (name) => ask("DELETE", `api/data/${encodeURIComponent(name)}/download`);
/** Whether the server answers. */
export const health = () => ask("GET", "healthz");
/** Where a run or study can be downloaded as "json", "csv" or "html". */
export const exportUrl = (kind, id, format, decimal) =>
  `api/${kind}/${encodeURIComponent(id)}/export${query({ format, decimal })}`;
