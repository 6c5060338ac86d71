// The page's link, to be handed on.
import { t } from "#logic/words.js";
import { toast } from "#parts/toast.js";

/** Copies this page's link; where the browser forbids it, shows it to be copied by hand. */
export async function copyLink(done) {
  const link = linkForOthers(window.location, document.documentElement.dataset.shared);
  try {
    // Not there on plain HTTP from another machine: how a class opens this page.
    await navigator.clipboard.writeText(link);
    toast(done);
  } catch {
    toast(`${t("depth.actions.copy")} ${link}`, { kind: "error" });
  }
}

/** A page's address as other machines open it: nobody else can open this machine's own. */
export function linkForOthers({ href, hostname }, shared) {
  const own = hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
  return own && shared ? href.replace(/^\w+:\/\/[^/]+/, shared) : href;
}
