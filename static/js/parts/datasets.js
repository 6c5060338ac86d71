// Published data sets: which are on the server's machine, their downloads, and how those go.
import * as api from "#api.js";
import { button, make, write } from "#dom.js";
import { reasonOf } from "#logic/failure.js";
import { milestones } from "#logic/pair.js";
import { amount, choiceWords, standing, usable, wordsOf } from "#logic/published.js";
import { mebibytes } from "#logic/format.js";
import { t } from "#logic/words.js";
import { announce } from "#parts/announce.js";

const LOOK_MS = 500; // while a download goes on
const WAIT_MS = 2000; // while one may begin: a run waits for the set

/** As parts/datachoice.js says; `look()` asks the server now. */
export function mount(el, { field, heard }) {
  const box = build(el, press);
  let sets = new Map();
  let wanted = null;
  let asking = false;
  let ordering = false;
  let timer = 0;
  let refusal = "";

  const now = () => (wanted ? (sets.get(wanted.name) ?? null) : null);

  async function look() {
    window.clearTimeout(timer);
    if (asking) return;
    asking = true;
    try {
      take((await api.dataSets()).items);
    } catch (error) {
      if (!(error instanceof api.Problem)) throw error;
    } finally {
      asking = false;
      again();
    }
  }

  /** Ask again soon, while there is something to be seen. */
  function again() {
    window.clearTimeout(timer);
    const set = now();
    if (!set || usable(set, wanted.entry, wanted.kept)) return;
    const pace = set.progress ? LOOK_MS : wanted.waiting ? WAIT_MS : 0;
    if (pace) timer = window.setTimeout(look, pace);
  }

  function take(items) {
    const before = now();
    sets = new Map(items.map((set) => [set.name, set]));
    label();
    const set = now();
    if (!set) return;
    const { entry, kept } = wanted;
    const arrived = before !== null && !usable(before, entry, kept) && usable(set, entry, kept);
    if (before) speak(before, set);
    draw();
    heard({ arrived });
  }

  /** Begin, cancel, or try again: what the button says. */
  async function press() {
    if (ordering || !now()) return;
    const { name, stop } = wanted;
    const set = now();
    ordering = true;
    refusal = "";
    try {
      if (!set.progress) await api.download(name);
      else {
        if (set.mine) await api.cancelDownload(name);
        await stop?.();
      }
    } catch (error) {
      if (!(error instanceof api.Problem)) throw error;
      refusal = reasonOf(error);
    }
    ordering = false;
    draw();
    await look();
  }

  function update(next) {
    const other = next?.name !== wanted?.name;
    const begins = Boolean(next?.waiting) && !wanted?.waiting;
    wanted = next;
    if (other) refusal = "";
    label();
    draw();
    if (next && (other || begins)) look();
    const set = now();
    if (!set) return null;
    const how = standing(set, next.entry, next.kept);
    return how ? { title: set.title, amount: set.progress ? amount(set) : "" } : null;
  }

  function draw() {
    const set = now();
    const how = set ? standing(set, wanted.entry, wanted.kept) : "";
    if (!how) return box.hide();
    const { text, more } = wordsOf(set, wanted.entry, wanted.kept);
    box.show({
      title: set.title,
      text,
      more: refusal || more,
      error: how === "failed" || how === "damaged" || refusal !== "",
      progress: set.progress,
      action: actionOf(set, how),
    });
  }

  function actionOf(set, how) {
    if (how === "coming") return set.mine || wanted.stop ? t("data.cancel") : "";
    if (how === "damaged") return "";
    return t(how === "failed" ? "data.again" : "data.download");
  }

  /** Say in the list of choices what each costs; of the one that is chosen the notice says it. */
  function label() {
    for (const option of document.querySelectorAll(`${field} option`)) {
      const set = sets.get(option.value);
      const text = set && (option.selected ? set.title : choiceWords(set));
      if (text) write(option, text);
    }
  }

  function speak(before, set) {
    const { entry, kept } = wanted;
    const { title } = set;
    if (usable(set, entry, kept)) {
      if (!usable(before, entry, kept)) announce(t("data.say.done", { title }));
    } else if (set.progress && !before.progress) {
      announce(t("data.say.begun", { title, size: mebibytes(set.progress.total) }));
    } else if (set.progress) {
      const { done, total } = set.progress;
      const passed = milestones(before.progress.done, done, total).filter((share) => share < 100).at(-1);
      if (passed) announce(t("data.say.milestone", { share: passed, title }));
    } else if (before.progress) {
      announce(set.error ? t("data.say.failed", { title, problem: set.error.problem }) : t("data.say.cancelled", { title }));
    }
  }

  return { update, look };
}

/** The notice: a sentence, what more there is to know, a bar, and one button that keeps the focus. */
function build(el, press) {
  el.className = "notice dataset";
  el.setAttribute("role", "group");
  const [text, more] = ["", "small"].map((className) => make("p", { className }));
  const bar = make("progress", { value: 0 });
  // Download turns into Cancel under the pointer: the second half of a double click means neither.
  const order = button("", ({ detail }) => detail < 2 && press());
  const words = make("div", { className: "dataset-words" });
  words.append(text, bar, more);
  el.replaceChildren(words, order);
  el.hidden = true;

  function hide() {
    if (el.contains(document.activeElement)) document.getElementById("train").focus();
    el.hidden = true;
  }

  function show({ title, text: sentence, more: rest, error, progress, action }) {
    el.hidden = false;
    el.dataset.kind = error ? "error" : "info";
    el.setAttribute("aria-label", t("data.about", { title }));
    write(text, sentence);
    write(more, rest);
    bar.hidden = progress === null;
    if (progress) {
      bar.setAttribute("aria-label", t("data.coming", { title }));
      bar.setAttribute("aria-valuetext", amount({ progress }));
      bar.max = progress.total;
      bar.value = progress.done;
    }
    order.hidden = action === "";
    write(order, action);
  }

  return { hide, show };
}
