/** The page to play on: what each region dreams, the faders that are moved most, and the presets. */

import { control } from "./controls.js";
import { element } from "./element.js";
import { regions } from "./regions.js";

const FADERS = ["split/shape", "split/position", "zoom", "rotate", "strength", "wander"];
const REWIND = 8; // seconds

/** Return the panel. */
export function play(desk) {
  const faders = FADERS.map((name) => desk.lines.get(name)).filter(Boolean);
  return element("div", { class: "play" }, [
    regions(desk),
    element("div", { class: "controls" }, faders.map((line) => control(line, desk))),
    element("div", { id: "presets-here" }),
    element("div", { class: "actions", role: "group", "aria-label": "The dream" }, [
      action(desk, "release", "Release what I moved"),
      action(desk, "reset/look", "Plain look"),
      action(desk, "reset/canvas", "Begin from clouds"),
      action(desk, "rewind", `Back ${REWIND} s`, "f", [REWIND]),
      hold(desk),
    ]),
  ]);
}

function action(desk, name, label, types, values) {
  return element("button", {
    type: "button", title: desk.commands.get(name)?.help,
    onclick: () => desk.command(name, types, values),
  }, [label]);
}

function hold(desk) {
  const line = desk.lines.get("hold");
  const button = element("button", {
    type: "button", "aria-pressed": "false", title: line.help,
    onclick: () => desk.steer(line, !desk.values.get(line.address)),
  }, [line.label]);
  desk.values.watch(line.address, (value) => {
    button.setAttribute("aria-pressed", String(Boolean(value)));
  });
  return button;
}
