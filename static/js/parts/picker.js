// What /gradients can show: recent studies, and recent runs that belong to none.
import { list } from "#api.js";
import { make } from "#dom.js";
import { disambiguate } from "#logic/disambiguate.js";
import { entryWords, runWords } from "#logic/specwords.js";
import { t } from "#logic/words.js";

const RECENT = 30;

/**
 * Mount on two selects: `show`, what is on show and could be, and `compare`, what to put beside it.
 *
 * `picked("studies/id" | "runs/id", {alone})` is called with each choice, and promises that it has been
 * dealt with. `read()` asks the server what there is, and throws its Problem; `update(runs, entry)` is
 * told which runs are on show, and whether they are one entry of the list.
 *
 * @param {{show: HTMLSelectElement, compare: HTMLSelectElement}} selects
 * @param {{presets: Json[], table: Json[], picked: (address: string, how: {alone: boolean}) => Promise<void>}} options
 */
export function mount({ show, compare }, { presets, table, picked }) {
  let studies = [];
  let runs = [];
  let names = new Map(); // as of logic/disambiguate.js, of all that is listed
  let shown = { address: "", words: t("gradients.pick.choose") };

  show.addEventListener("change", async () => {
    const { value } = show;
    if (value) await picked(value, { alone: true });
    if (show.value === value) showSelection(); // another may have been chosen since
  });
  compare.addEventListener("change", () => {
    if (compare.value) picked(compare.value, { alone: false });
    compare.value = "";
  });

  const nameOf = (entry) => entryWords(entry, presets, table);
  const called = (entry) => names.get(entry.id)?.called ?? nameOf(entry);

  /** The select says what is on show, whether it offers that or not. */
  function showSelection() {
    show.value = shown.address;
    const inList = show.selectedIndex > 0;
    show.options[0].text = inList ? t("gradients.pick.choose") : shown.words;
    if (!inList) show.value = "";
    show.title = show.selectedOptions[0].text;
  }

  return {
    /** What an entry is called, with what tells it from others in the list. */
    called,

    async read() {
      const [all, each] = await Promise.all([list("studies", { limit: RECENT }), list("runs", { limit: RECENT })]);
      studies = all.items;
      runs = each.items.filter(({ study, analysis }) => !study && !analysis);
      names = disambiguate([...studies, ...runs], nameOf, table, Date.now());
      const option = (entry) => [addressOf(entry), called(entry)];
      fill(show, [
        [t("gradients.pick.studies"), studies.map(option)],
        [t("gradients.pick.runs"), runs.map(option)],
      ]);
      showSelection();
    },

    /** The address of what was started last; undefined where there is nothing. */
    get newest() {
      const [newest] = [...studies, ...runs].sort((a, b) => (a.created < b.created ? 1 : -1));
      return newest && addressOf(newest);
    },

    update(ids, entry) {
      const all = [...studies.flatMap((study) => study.runs), ...runs];
      const each = disambiguate(all, ({ spec }) => runWords(spec, table), table, Date.now());
      const others = all.filter(({ id }) => !ids.includes(id));
      fill(compare, [[t("gradients.pick.runs"), others.map(({ id }) => [`runs/${id}`, each.get(id).called])]]);
      const several = ids.length ? t("gradients.pick.several", { n: ids.length }) : t("gradients.pick.choose");
      shown = entry ? { address: addressOf(entry), words: called(entry) } : { address: "", words: several };
      showSelection();
    },
  };
}

const addressOf = ({ id, runs }) => `${runs ? "studies" : "runs"}/${id}`;

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
