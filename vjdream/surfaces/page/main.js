/** The page's beginning: reads the table, builds what it lists, and keeps the connection. */

import { Connection } from "./connection.js";
import { control, numberField } from "./controls.js";
import { element } from "./element.js";
import { Midi } from "./midi.js";
import { play } from "./play.js";
import { Presets } from "./presets.js";
import { preview } from "./preview.js";
import { showbar } from "./showbar.js";
import { errors, health, recording } from "./status.js";
import { tabs } from "./tabs.js";
import { ask } from "./requests.js";
import { Values } from "./values.js";
import { Words } from "./words.js";

const REREAD = 400; // milliseconds until the engine has taken a wish
const REGIONS = [1, 2, 3, 4];
const WIDE = matchMedia("(min-width: 900px)"); // as style.css has it

/** What everything on the page acts on. */
class Desk {
  constructor(table) {
    this.lines = new Map(table.parameters.map((line) => [line.name, line]));
    this.commands = new Map(table.commands.map((command) => [command.name, command]));
    this.reports = table.reports;
    this.values = new Values();
    this.words = new Words();
    this.connection = new Connection(this.values, {
      state: (name, pause) => tell(name, pause),
      changed: (tree) => this.changed(tree),
    });
    this.midi = new Midi(this);
    this.presets = new Presets(this);
  }

  /** All addresses that are worth hearing. */
  get addresses() {
    return [
      ...[...this.lines.values()].map((line) => line.address),
      ...this.reports.map((report) => report.address),
      ...REGIONS.flatMap((region) => [`/vjdream/see/${region}`, `/vjdream/sure/${region}`]),
    ];
  }

  /** Set a parameter. */
  steer(line, value) {
    const sent = line.kind === "toggle" ? Number(Boolean(value)) : value;
    this.values.steer(line.address, sent);
    this.connection.set(line.address, line.type, sent);
  }

  /** Send a word that this page does not know, and ask what became of it. */
  wish(line, text) {
    this.connection.set(line.address, line.type, text);
    setTimeout(async () => {
      const { VALUE } = await ask(`${line.address}?VALUE`).catch(() => ({}));
      if (VALUE?.length) this.values.hear(line.address, VALUE[0]);
    }, REREAD);
  }

  /** Ask for something that is not a value. */
  command(name, types, values) {
    this.connection.command(`/vjdream/${name}`, types, values);
  }

  async changed(tree) {
    if (!tree) {
      await this.connection.refresh().catch(() => {});
      return;
    }
    const lines = [...this.lines.values()];
    this.words.take(tree, lines);
    await Promise.all([this.words.load(), this.presets.load()]).catch(() => {});
    const words = lines.filter((line) => line.kind === "word").map((line) => line.address);
    for (const address of [...words, ...REGIONS.map((region) => `/vjdream/see/${region}`)]) {
      const value = this.values.get(address);
      if (value !== undefined) this.values.hear(address, value); // it may have another name now
    }
  }
}

function tell(state, pause) {
  document.body.classList.toggle("away", state !== "here");
  document.getElementById("engine").textContent =
    state === "here"
      ? "connected"
      : `The engine is away: what you move is not sent. Next try in ${pause} s.`;
}

/** One page of the table. */
function page(name, desk) {
  const lines = [...desk.lines.values()].filter((line) => line.page === name);
  return element("div", { class: "controls" }, lines.map((line) => control(line, desk)));
}

/** Put the presets beside the page where there is room, and into it where there is none. */
function settle(panel) {
  const place = () => {
    document.getElementById(WIDE.matches ? "presets-beside" : "presets-here").append(panel);
  };
  WIDE.addEventListener("change", place);
  place();
}

/** Switches for all pages: explanations, and learning MIDI. */
function options(desk) {
  const explain = element("button", {
    type: "button", class: "chip", "aria-pressed": "false",
    onclick: () => {
      const on = document.body.classList.toggle("explained");
      explain.setAttribute("aria-pressed", String(on));
    },
  }, ["Explain"]);
  const { chooser, said } = desk.midi.panel();
  const learns = desk.commands.has("midi/learn") || desk.reports.some(({ name }) => name === "midi");
  return element("div", { class: "options" }, [explain, ...(learns ? [chooser, said] : [])]);
}

async function table() {
  for (let pause = 500; ; pause = Math.min(2 * pause, 8000)) {
    try {
      return await ask("table.json");
    } catch {
      tell("away", pause / 1000);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

async function begin() {
  const told = await table();
  const desk = new Desk(told);
  document.title = `vjdream · ${told.network}`;

  const named = (id) => document.getElementById(id);
  named("panels").before(options(desk));
  const pages = [...new Set(told.parameters.map((line) => line.page))];
  tabs(named("tabs"), named("panels"), [
    ["Play", play(desk)],
    ...pages.map((name) => [name, page(name, desk)]),
  ]);
  settle(desk.presets.panel(numberField));
  preview(named("preview"), desk);
  showbar(named("showbar"), desk);
  health(named("health"), desk);
  recording(named("recording"), desk);
  errors(named("errors"), desk);
  desk.connection.keep(desk.addresses);
}

begin();
