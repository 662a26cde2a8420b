/** The looks that can be loaded, as pictures, and how long the show takes to become one. */

import { element, fresh, icon } from "./element.js";
import { ask } from "./requests.js";

const TIMES = [0, 1, 2, 4, 8, 16, 30]; // seconds
const TIME = "preset/time";

export class Presets {
  #desk;
  #grid = element("ul", { class: "presets" });
  #about = element("p", { class: "about" });
  #buttons = new Map();
  #current = "";
  #listed = "";

  constructor(desk) {
    this.#desk = desk;
    desk.values.watch("/vjdream/state/preset", (name) => this.#arrived(String(name)));
  }

  /** Read which presets there are. */
  async load() {
    const presets = await ask("/ui/presets.json");
    if (JSON.stringify(presets) === this.#listed) return; // nobody loses the place on the page
    this.#listed = JSON.stringify(presets);
    this.#buttons.clear();
    this.#grid.replaceChildren(...presets.map((preset) => this.#entry(preset)));
    this.#mark();
  }

  /** Return the panel; `numberField` makes the field for any other time. */
  panel(numberField) {
    const turn = (name, label) => element("button", {
      type: "button", class: "square", "aria-label": label,
      title: this.#desk.commands.get(`preset/${name}`)?.help,
      onclick: () => this.#desk.command(`preset/${name}`),
    }, [icon(name)]);
    return element("section", { class: "preset-panel", "aria-labelledby": "presets-title" }, [
      element("div", { class: "panel-head" }, [
        element("h2", { id: "presets-title" }, ["Presets"]),
        turn("previous", "Previous preset"),
        turn("next", "Next preset"),
        ...this.#times(numberField),
      ]),
      this.#grid,
      this.#about,
      this.#save(),
    ]);
  }

  #entry({ name, about, thumbnail }) {
    const shown = (text) => () => {
      this.#about.textContent = text;
    };
    const button = element("button", {
      type: "button", class: "preset", title: about, "aria-pressed": "false",
      onclick: () => this.#desk.command("preset/load", "s", [name]),
      onfocus: shown(about), onpointerenter: shown(about),
      onblur: () => this.#mark(), onpointerleave: () => this.#mark(),
    }, [
      thumbnail ? element("img", { src: thumbnail, alt: "", loading: "lazy", width: 320, height: 180 }) : null,
      element("span", {}, [name]),
    ]);
    button.dataset.about = about;
    this.#buttons.set(name, button);
    return element("li", {}, [button]);
  }

  #times(numberField) {
    const line = this.#desk.lines.get(TIME);
    const label = fresh("label");
    const name = fresh("time");
    const boxes = TIMES.map((seconds) => element("input", {
      type: "radio", name, value: String(seconds),
      "aria-label": `${seconds} seconds`,
      onchange: () => this.#desk.steer(line, seconds),
    }));
    const field = numberField(line, this.#desk);
    this.#desk.values.watch(line.address, (value) => {
      for (const box of boxes) box.checked = Number(box.value) === Number(value);
      field.show(value);
    });
    return [
      element("span", { id: label, class: "label" }, ["Morph time"]),
      field.element,
      element("span", { class: "unit" }, [line.unit]),
      element("div", { class: "segments", role: "radiogroup", "aria-labelledby": label },
        boxes.map((box) => element("label", {}, [box, element("span", {}, [box.value])]))),
    ];
  }

  #save() {
    const name = element("input", {
      type: "text", class: "save-name", "aria-label": "Name of the preset to save",
      placeholder: "name of this look", autocomplete: "off", maxLength: 60, required: true,
    });
    return element("form", {
      class: "save",
      onsubmit: (event) => {
        event.preventDefault();
        this.#desk.command("preset/save", "s", [name.value.trim()]);
        name.value = "";
      },
    }, [name, element("button", { type: "submit" }, ["Save look"])]);
  }

  #arrived(name) {
    this.#current = name;
    this.#mark();
    if (name && this.#buttons.size && !this.#buttons.has(name)) this.load().catch(() => {});
  }

  #mark() {
    for (const [name, button] of this.#buttons) {
      button.setAttribute("aria-pressed", String(name === this.#current));
    }
    this.#about.textContent = this.#buttons.get(this.#current)?.dataset.about ?? "";
  }
}
