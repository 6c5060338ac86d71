import { make } from "#dom.js";
import { catalog } from "#given.js";
import { analysisLink, fits } from "#logic/analysis.js";
import { t } from "#logic/words.js";
import { decimalSwitch, fileUrl } from "#parts/decimal.js";

const FORMATS = ["html", "csv", "json"];

/** Whether a run has ended with a network that can be asked. */
const keeps = ({ state, ending }) => ["finished", "stopped"].includes(state) && !ending?.diverged && !ending?.unkept;

/** Links to take a pair along; `update(race | null)`. */
export function mount(el) {
  const link = (textContent) => make("a", { className: "button", textContent });
  const links = FORMATS.map((format) => link(t(`lab.export.${format}`)));
  const gradients = link(t("lab.export.gradients"));
  const analyses = catalog().analyses.map((one) => ({ one, el: link(t(`lab.export.${one.name}`)) }));
  const decimal = decimalSwitch();
  el.append(gradients, ...analyses.map(({ el: analysis }) => analysis), ...links, decimal);

  return {
    update(race) {
      for (const one of [...links, gradients, decimal]) one.hidden = !race;
      for (const { one, el: analysis } of analyses) {
        // Who can't be asked goes along: the page says why.
        const asked = race?.histories.every(keeps) ? race.histories : [];
        analysis.hidden = !asked.some(({ spec }) => fits(one, spec));
        analysis.href = analysisLink(one.name, { of: asked.map(({ id }) => id) });
      }
      if (!race) return;
      FORMATS.forEach((format, i) => (links[i].href = fileUrl("studies", race.id, format)));
      gradients.href = `gradients?study=${encodeURIComponent(race.id)}`;
    },
  };
}
