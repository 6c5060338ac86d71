// A strip of test examples, and under each what both networks answer to it.
import { make, write } from "#dom.js";
import { resizeOf } from "#logic/data.js";
import { percent, plain } from "#logic/format.js";
import { asked, lack, samples } from "#logic/samples.js";
import { skipAt } from "#logic/skips.js";
import { t } from "#logic/words.js";
import { Pictures } from "#parts/pictures.js";
import { drawn, pointIn, targets } from "#parts/sampledrawing.js";
import { colour, swatch } from "#charts/swatch.js";

const ENLARGED = 64; // pixels: what is larger is not drawn larger than it is

/**
 * Mount the strip. `update({sides, spec, data, lacks, race})`: `sides` are `{skip, name, history}`
 * in the page's order, `spec` the configuration whose samples are shown, `data` the facts of its
 * data set, `lacks` what of it is known not to be here, or null; `race` the id of the pair that
 * trains or has trained, or null. `clear()`.
 */
export function mount(el, { look }) {
  const note = make("p", { className: "samples-note" });
  const scores = make("p", { className: "samples-scores" });
  const list = make("ul", { className: "samples-list" });
  el.append(scores, note, list);
  write(note, t("lab.samples.before"));
  scores.hidden = true;
  const pictures = new Pictures(() => show());
  let cards = [];
  let now = null;
  let seen = []; // what is shown was made of these
  let held = null; // the pictures that the cards hold

  function update(next) {
    const arrived = now?.lacks && !next.lacks && now.data.name === next.data.name;
    now = next;
    if (arrived && wanted().count !== 0) pictures.renew({ ...wanted(), race: "arrived" });
    show();
  }

  /** Show nothing: what was shown is of other settings. */
  function clear() {
    if (!now) return;
    [cards, now, seen, held] = [[], null, [], null];
    list.replaceChildren();
    write(note, t("lab.samples.before"));
    scores.hidden = true;
  }

  const wanted = () => ({
    data: now.data, race: now.race, count: now.spec.evaluate.samples ?? undefined, resize: resizeOf(now.spec) ?? undefined,
  });

  function show() {
    if (!now) return;
    const { sides, spec, data, race } = now;
    const off = spec.evaluate.samples === 0;
    const found = off ? {} : pictures.of(wanted());
    const { events } = asked(sides.map(({ history }) => history));
    const why = lack(sides.map(({ history }) => history), race !== null);
    const made = [found, data.name, race, why, ...events, ...sides.flatMap(({ name, history }) => [name, history.diverged])];
    if (made.length === seen.length && made.every((one, i) => one === seen[i])) return;
    seen = made;
    const strip = samples(sides, found.pictures ?? null, data.labels);
    if (strip.changed || (found.missing && strip.step !== null)) pictures.renew(wanted());
    write(look, t(`lab.samples.${data.task === "regression" ? "look_numbers" : "look"}`));
    write(note, words(why, strip, found));
    tally(strip, off);
    fill(off ? [] : strip.cards, strip.changed ? null : (found.pictures ?? null));
  }

  function fill(shown, own) {
    if (held !== own || cards.length !== shown.length) {
      held = own;
      cards = shown.map((one) => card(one));
      list.replaceChildren(...cards.map(({ box }) => box));
    }
    shown.forEach((one, i) => cards[i].update(one));
  }

  function words(why, strip, found) {
    const sentences = why ? [t(`lab.samples.${why}`)] : [];
    if (strip.changed) sentences.push(t("lab.samples.changed"));
    else if (found.missing) sentences.push(t("lab.samples.missing", { title: now.data.title }));
    else if (found.problem) sentences.push(t("lab.samples.failed", { detail: found.problem }));
    return sentences.join(" ");
  }

  function tally({ step, scores: all }, off) {
    scores.hidden = off || step === null;
    if (scores.hidden) return;
    const skips = all.map(({ skip }) => skip).join();
    if (scores.dataset.skips !== skips) {
      scores.dataset.skips = skips;
      scores.replaceChildren(...all.map(({ skip }) => scoreOf(skip)), make("span", { className: "samples-step" }));
    }
    all.forEach((one, i) => write(scores.children[i].lastChild, scoreWords(one)));
    write(scores.lastChild, t("lab.samples.at", { step, steps: now.spec.steps }));
  }

  function card(one) {
    const box = make("li", { className: "sample" });
    const holder = make("div", { className: "sample-picture" });
    const picture = pictureOf(one, held);
    if (picture) holder.append(picture);
    const caption = make("p", { className: "sample-truth" });
    const truth = make("span");
    caption.append(make("span", { className: "visually-hidden", textContent: t("lab.samples.truth") }), truth);
    box.append(holder, caption);
    const answers = [];
    return {
      box,
      update(next) {
        write(truth, next.truth === null ? t("lab.samples.target") : next.truth);
        caption.title = next.truth ?? "";
        next.answers.forEach((answer, i) => {
          if (!answers[i]) box.append((answers[i] = answerBox()).box);
          answers[i].update(answer, next.point);
        });
      },
    };
  }

  return { update, clear };
}

function scoreOf(skip) {
  const one = make("span", { className: "samples-score" });
  one.append(swatch(skip), make("span"));
  return one;
}

function scoreWords({ name, right, of, off, diverged }) {
  if (diverged !== null) return t("lab.samples.score_diverged", { name, step: diverged });
  if (right !== null) return t("lab.samples.score", { name, right, of });
  if (off !== null) return t("lab.samples.score_off", { name, off: plain(off, 2) });
  return t("lab.samples.score_none", { name });
}

function pictureOf({ image, point, truth }, pictures) {
  if (image) {
    const alt = t("lab.samples.picture", { truth });
    const className = Math.max(...pictures.shape.slice(1)) <= ENLARGED ? "pixels" : "";
    return make("img", { src: image, alt, className, decoding: "async" });
  }
  if (!point) return null;
  return pictures.backdrop ? pointIn(point, pictures.backdrop) : targets(point);
}

function answerBox() {
  const box = make("div", { className: "sample-answer" });
  const seen = make("div", { className: "sample-seen" });
  seen.setAttribute("aria-hidden", "true");
  const guess = make("span", { className: "sample-said" });
  const mark = make("span", { className: "sample-mark" });
  const bar = make("span", { className: "sample-bar" });
  const share = make("span", { className: "sample-share" });
  bar.append(make("span"));
  const aloud = make("span", { className: "visually-hidden" });
  box.append(seen, aloud);
  let skip = null;
  let chart = null;

  function update(answer, target) {
    if (skip !== answer.skip) seen.replaceChildren(swatch((skip = answer.skip)), guess, mark, bar, share);
    box.dataset.skip = skip;
    colour(box, skip);
    [box.dataset.dash] = skipAt(skip).paint.looks[0];
    box.dataset.kind = answer.kind;
    const classes = answer.kind === "right" || answer.kind === "wrong";
    const off = answer.off ?? null;
    write(guess, classes ? answer.guess : off === null ? "–" : plain(off, 2));
    guess.title = classes ? answer.guess : "";
    write(mark, { right: "✓", wrong: "✗" }[answer.kind] ?? "");
    write(share, classes ? percent(answer.share) : "");
    bar.style.setProperty("--share", classes ? answer.share : 0);
    bar.hidden = share.hidden = !classes;
    chart?.remove();
    chart = answer.outputs && target ? drawn(target, answer.outputs, skip) : null;
    if (chart) seen.append(chart);
    write(aloud, aloudOf(answer));
  }

  return { box, update };
}

function aloudOf({ name, kind, guess, share, off }) {
  if (kind === "numbers" && off !== null) return t("lab.samples.said_off", { name, off: plain(off, 2) });
  if (kind !== "right" && kind !== "wrong") return t(`lab.samples.said_${kind}`, { name });
  return t(`lab.samples.said_${kind}`, { name, said: guess, share: percent(share) });
}
