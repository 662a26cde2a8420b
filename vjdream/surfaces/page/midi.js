/** Which knob moves what: every control can ask for the next knob that is moved. */

import { element } from "./element.js";

const LEARN = "/vjdream/midi/learn";

export class Midi {
  #desk;
  #waiting = null;

  constructor(desk) {
    this.#desk = desk;
    desk.values.watch("/vjdream/state/midi", (text) => this.#say(String(text)));
  }

  /** Return the button of one control, seen only while learning. */
  button(line) {
    const made = element("button", {
      type: "button", class: "small learn", "aria-label": `${line.label}: learn MIDI`,
      onclick: () => {
        this.#desk.connection.command(LEARN, "s", [line.address]);
        this.#wait(made);
        this.#say(`Move a knob or press a pad for ${line.label}.`);
      },
    }, ["Learn"]);
    return made;
  }

  /** Return the switch that shows the buttons, and what MIDI says. */
  panel() {
    this.said = element("p", { class: "midi-said", role: "status" });
    const chooser = element("button", {
      type: "button", class: "chip", "aria-pressed": "false",
      onclick: () => {
        const on = document.body.classList.toggle("learning");
        chooser.setAttribute("aria-pressed", String(on));
        if (!on) this.#wait(null);
      },
    }, ["MIDI learn"]);
    return { chooser, said: this.said };
  }

  #wait(button) {
    this.#waiting?.classList.remove("waiting");
    this.#waiting = button;
    button?.classList.add("waiting");
  }

  #say(text) {
    if (!this.said) return;
    this.said.textContent = text;
    if (!text.startsWith("Move a knob")) this.#wait(null);
  }
}
