/** Builds the page's elements; text is always text, so no name from anywhere becomes markup. */

const PICTURES = "http://www.w3.org/2000/svg";

/**
 * Return a new element.
 *
 * @param {string} tag
 * @param {Object<string, unknown>} attributes properties where the element has them, `on…` listeners,
 *   else attributes; undefined and null are left out
 * @param {Array<Node|string>} children
 */
export function element(tag, attributes = {}, children = []) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "class") made.className = value;
    else if (name in made && typeof made[name] !== "object") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const PATHS = {
  previous: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  random: "M4 7h3c5 0 5 10 10 10h3M17 14l3 3-3 3M4 17h3c2 0 3-1.5 4-3M13 10c1-1.700 2-3 4-3h3M17 4l3 3-3 3",
  reset: "M5 5v5h5M5.500 10a7 7 0 1 1-.5 4",
  close: "M6 6l12 12M18 6L6 18",
};

/** Return a small picture in lines, which says nothing to a screen reader. */
export function icon(name) {
  const picture = document.createElementNS(PICTURES, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(PICTURES, "path");
  path.setAttribute("d", PATHS[name]);
  picture.append(path);
  return picture;
}

let made = 0;

/** Return an id that nothing else on the page has. */
export function fresh(what) {
  made += 1;
  return `${what}-${made}`;
}
