import { make } from "#dom.js";
import { lesionLink } from "#logic/lesion.js";
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
  const lesion = link(t("lab.export.lesion"));
  const decimal = decimalSwitch();
  el.append(gradients, lesion, ...links, decimal);

  return {
    update(race) {
      for (const one of [...links, gradients, decimal]) one.hidden = !race;
      lesion.hidden = !race?.histories.every(keeps);
      if (!race) return;
      lesion.href = lesionLink({ of: race.histories.map(({ id }) => id) });
      FORMATS.forEach((format, i) => (links[i].href = fileUrl("studies", race.id, format)));
      gradients.href = `gradients?study=${encodeURIComponent(race.id)}`;
    },
  };
}
