import { exportUrl } from "../api.js";
import { t } from "../logic/words.js";
import { copyLink } from "./share.js";

const FORMATS = ["html", "csv", "json"];

/** Links to take a pair along; `update(race | null)`. */
export function mount(el) {
  const copy = Object.assign(document.createElement("button"), { type: "button", textContent: t("lab.export.link") });
  copy.addEventListener("click", () => copyLink(t("lab.export.copied")));
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

function link(textContent) {
  return Object.assign(document.createElement("a"), { className: "button", textContent });
}
