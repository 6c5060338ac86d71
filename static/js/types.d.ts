// What the modules' documentation calls by name; no page loads this file.

/** Something the server says: a run, a study, a spec, an event (docs/protocol.md has their shapes). */
type Json = Record<string, any>;

interface Window {
  /** Plotly's script, once it is there. */
  Plotly: any;
}

interface DocumentEventMap {
  themechange: CustomEvent<string>;
  themechoice: CustomEvent<string>;
}

// What stands in the templates the checker can't know: an element that is looked up is any element.
interface ParentNode {
  querySelector(selectors: string): any;
  querySelectorAll(selectors: string): NodeListOf<any>;
}

interface Document {
  getElementById(id: string): any;
}
