// The page's link, to be handed on.
import { t } from "../logic/words.js";
import { toast } from "./toast.js";

/** Copies this page's address; where the browser forbids it, shows it to be copied by hand. */
export async function copyLink(done) {
  const link = window.location.href;
  try {
    // Not there on plain HTTP from another machine: how a class opens this page.
    await navigator.clipboard.writeText(link);
    toast(done);
  } catch {
    toast(`${t("depth.actions.copy")} ${link}`, { kind: "error" });
  }
}
