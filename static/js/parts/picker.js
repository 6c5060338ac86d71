// What /gradients can show: recent studies, and recent runs that belong to none.
import { list } from "../api.js";
import { make } from "../dom.js";
import { entryWords, runWords } from "../logic/short.js";
import { t } from "../logic/words.js";

const RECENT = 30;

/**
 * Mount on two selects: `show`, what to look at, and `compare`, what to put beside it.
 *
 * `picked("studies/id" | "runs/id", {alone})` is called with each choice. `read()` asks the server
 * what there is, and throws its Problem; `update(ids)` offers for comparison all runs but these.
 *
 * @param {{show: HTMLSelectElement, compare: HTMLSelectElement}} selects
 * @param {{presets: object[], table: object[], picked: function}} options
 */
export function mount({ show, compare }, { presets, table, picked }) {
  let studies = [];
  let runs = [];

  for (const [select, alone] of [[show, true], [compare, false]]) {
    select.addEventListener("change", () => {
      if (select.value) picked(select.value, { alone });
      select.value = "";
    });
  }

  const option = (kind) => (entry) => [`${kind}/${entry.id}`, entryWords(entry, presets, table)];

  return {
    async read() {
      const [all, each] = await Promise.all([list("studies", { limit: RECENT }), list("runs", { limit: RECENT })]);
      studies = all.items;
      runs = each.items.filter(({ study }) => !study);
      fill(show, [
        [t("gradients.pick.studies"), studies.map(option("studies"))],
        [t("gradients.pick.runs"), runs.map(option("runs"))],
      ]);
    },

    /** The address of what was started last; undefined where there is nothing. */
    get newest() {
      const [newest] = [...studies, ...runs].sort((a, b) => (a.created < b.created ? 1 : -1));
      return newest && `${newest.runs ? "studies" : "runs"}/${newest.id}`;
    },

    update(ids) {
      const others = [...studies.flatMap((study) => study.runs), ...runs].filter(({ id }) => !ids.includes(id));
      fill(compare, [[t("gradients.pick.runs"), others.map((run) => [`runs/${run.id}`, runWords(run.spec, table)])]]);
    },
  };
}

/** The select's first option, and below it groups of others. */
function fill(select, groups) {
  const [first] = select.options;
  select.replaceChildren(first);
  for (const [label, options] of groups) {
    if (options.length === 0) continue;
    const group = make("optgroup", { label });
    group.append(...options.map(([value, text]) => new Option(text, value)));
    select.append(group);
  }
}
