import { exportUrl } from "../api.js";
import { button, make } from "../dom.js";
import { t } from "../logic/words.js";
import { copyLink } from "./share.js";

const FORMATS = ["html", "csv", "json"];

/** Links to take a pair along; `update(race | null)`. */
export function mount(el) {
  const copy = button(t("lab.export.link"), () => copyLink(t("lab.export.copied")));
  const link = (textContent) => make("a", { className: "button", textContent });
  const links = FORMATS.map((format) => link(t(`lab.export.${format}`)));
  const gradients = link(t("lab.export.gradients"));
  el.append(copy, gradients, ...links);

  return {
    update(race) {
      for (const one of [...links, gradients]) one.hidden = !race;
      if (!race) return;
      FORMATS.forEach((format, i) => (links[i].href = exportUrl("studies", race.id, format)));
      gradients.href = `/gradients?study=${encodeURIComponent(race.id)}`;
    },
  };
}
