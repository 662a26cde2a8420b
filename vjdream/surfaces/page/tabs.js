/** Tabs as the ARIA practices have them: arrow keys walk, and what is reached is shown. */

import { element } from "./element.js";

/**
 * @param {HTMLElement} bar gets the tabs
 * @param {HTMLElement} room gets the panels
 * @param {Array<[string, HTMLElement]>} pages
 */
export function tabs(bar, room, pages) {
  const made = pages.map(([name, content]) => {
    const key = name.toLowerCase();
    const panel = element("section", {
      id: `panel-${key}`, role: "tabpanel", "aria-labelledby": `tab-${key}`,
    }, [content]);
    const tab = element("button", {
      type: "button", id: `tab-${key}`, role: "tab", "aria-controls": panel.id,
      onclick: () => show(tab),
    }, [name]);
    bar.append(tab);
    room.append(panel);
    return { key, tab, panel };
  });

  function show(chosen) {
    for (const { key, tab, panel } of made) {
      const here = tab === chosen;
      if (here && location.hash !== `#${key}`) history.replaceState(null, "", `#${key}`);
      tab.setAttribute("aria-selected", String(here));
      tab.tabIndex = here ? 0 : -1;
      panel.hidden = !here;
    }
    chosen.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  bar.addEventListener("keydown", (event) => {
    const here = made.findIndex(({ tab }) => tab === document.activeElement);
    const places = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: -1 };
    if (here < 0 || !(event.key in places)) return;
    event.preventDefault();
    const { tab } = made.at(places[event.key] % made.length);
    show(tab);
    tab.focus();
  });

  const asked = made.find(({ key }) => location.hash === `#${key}`);
  show((asked ?? made[0]).tab);
}
