/** Finds classes while somebody types: called so, begun so, or known by that word, too. */

const SHOWN = 60;

/** A text as names are compared: small letters and digits joined by single spaces. */
export function plain(text) {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\u0300-\u036f'’]/g, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

const shown = (word) => word.replaceAll("_", " ");
const begins = (text, asked) => text.startsWith(asked) || text.includes(` ${asked}`);

/** How near a class is to what is asked (0 is nearest), and by which synonym; null for not at all. */
function nearness(entry, asked) {
  const names = [plain(entry.slug), plain(entry.name)];
  if (names.includes(asked)) return { rank: 0, by: "" };
  const known = entry.synonyms.map((synonym) => [plain(synonym), synonym]);
  const exact = known.find(([word]) => word === asked);
  if (exact) return { rank: 1, by: shown(exact[1]) };
  if (names.some((name) => name.startsWith(asked))) return { rank: 2, by: "" };
  if (names.some((name) => begins(name, asked))) return { rank: 3, by: "" };
  const begun = known.find(([word]) => begins(word, asked));
  return begun ? { rank: 4, by: shown(begun[1]) } : null;
}

/**
 * Return the classes that a beginning can mean, the nearest first.
 *
 * @param {Array<{slug: string, name: string, synonyms: string[]}>} classes
 * @param {string} text what is typed; nothing means all
 * @returns {Array<{slug: string, name: string, by: string}>} `by` is the synonym that fitted
 */
export function search(classes, text) {
  const asked = plain(text);
  const found = [];
  for (const entry of classes) {
    const near = asked ? nearness(entry, asked) : { rank: 0, by: "" };
    if (near) found.push({ slug: entry.slug, name: entry.name, ...near });
  }
  found.sort((one, other) => one.rank - other.rank || one.name.localeCompare(other.name));
  return found.slice(0, SHOWN);
}
