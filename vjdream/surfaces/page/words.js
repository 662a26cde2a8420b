/** What words the network knows: its classes, and what else the engine's own tree lists. */

import { node } from "./connection.js";
import { ask } from "./requests.js";
import { plain, search } from "./search.js";

export class Words {
  #classes = [];
  #names = new Map();
  #listed = new Map(); // address -> words, of layers

  /** Read the classes of the network that dreams now. */
  async load() {
    this.#classes = await ask("/ui/classes.json");
    this.#names = new Map(this.#classes.map((entry) => [entry.slug, entry.name]));
  }

  /** Take the lists of other words from the tree of all addresses. */
  take(tree, lines) {
    for (const line of lines) {
      const listed = node(tree, line.address)?.RANGE?.[0]?.VALS;
      if (line.kind === "word" && Array.isArray(listed)) this.#listed.set(line.address, listed);
    }
  }

  /** Return what a text can mean for one parameter, the nearest first. */
  find(line, text) {
    if (isClass(line)) return search(this.#classes, text).map(({ slug, ...rest }) => ({ value: slug, ...rest }));
    const asked = plain(text);
    const listed = this.#listed.get(line.address) ?? [];
    return listed
      .filter((name) => plain(name).includes(asked))
      .map((name) => ({ value: name, name }));
  }

  /** Return how a word is shown. */
  name(line, word) {
    return isClass(line) ? this.title(word) : word;
  }

  /** Return the name of a class; what is none stays as it is. */
  title(slug) {
    return this.#names.get(slug) ?? slug;
  }
}

const isClass = (line) => line.name.startsWith("class/");
