/** What each region of the picture dreams of, and what the network sees there. */

import { wordField } from "./controls.js";
import { element, icon } from "./element.js";

/** Regions of each shape of the split, as `REGIONS` of vjdream/parameters.py. */
export const REGIONS = { whole: 1, line: 2, circle: 2, quarters: 4, stripes: 4 };

const MOST = 4;

/** Return the cards of all regions; the split's shape says how many are shown. */
export function regions(desk) {
  const cards = [];
  for (let region = 1; region <= MOST; region += 1) cards.push(card(region, desk));
  const layer = layerCard(desk);
  const made = element("div", { class: "regions" }, [layer, ...cards]);

  let count = MOST;
  let mode = "class";
  function arrange() {
    layer.hidden = mode !== "layer";
    cards.forEach((one, place) => {
      one.hidden = mode === "layer" || place >= count;
    });
    made.dataset.count = mode === "layer" ? 1 : count;
  }
  desk.values.watch("/vjdream/split/shape", (shape) => {
    count = REGIONS[shape] ?? MOST;
    arrange();
  });
  desk.values.watch("/vjdream/mode", (name) => {
    mode = name;
    arrange();
  });
  arrange();
  return made;
}

function card(region, desk) {
  const line = desk.lines.get(`class/${region}`);
  const field = wordField(line, desk);
  const sees = element("p", { class: "sees" });
  const made = element("div", {
    class: `region region-${region}`, role: "group", "aria-label": `Region ${region}`,
  }, [
    element("span", { class: "number-of", "aria-hidden": "true" }, [String(region)]),
    field.element,
    element("div", { class: "turns" }, ["previous", "next", "random"].map((turn) =>
      element("button", {
        type: "button", class: "square", "aria-label": `Region ${region}: ${turn} class`,
        title: desk.commands.get(turn)?.help,
        onclick: () => desk.command(`${turn}/${region}`),
      }, [icon(turn)]),
    )),
    sees,
  ]);
  desk.values.watch(line.address, field.show);

  let seen = "";
  let sure = 0;
  const tell = () => {
    sees.textContent = seen ? `sees ${desk.words.title(seen)}, ${Math.round(100 * sure)} %` : "";
    sees.style.setProperty("--sure", seen ? sure : 0);
  };
  desk.values.watch(`/vjdream/see/${region}`, (slug) => {
    seen = String(slug);
    tell();
  });
  desk.values.watch(`/vjdream/sure/${region}`, (share) => {
    sure = Number(share);
    tell();
  });
  return made;
}

/** Mode layer dreams of no class. */
function layerCard(desk) {
  const line = desk.lines.get("layer");
  const field = wordField(line, desk);
  desk.values.watch(line.address, field.show);
  return element("div", { class: "region", role: "group", "aria-label": "Layer" }, [
    element("span", { class: "label" }, [line.label]),
    field.element,
  ]);
}
