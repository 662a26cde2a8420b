/** How the engine is: its numbers, the recording, and what was wrong with a message. */

import { element } from "./element.js";

const STATE = "/vjdream/state/";
const SHOWN = [ // report, unit, digits
  ["fps", "fps", 1],
  ["keyframes", "keyframes/s", 1],
  ["late", "late", 0],
  ["connections", "receivers", 0],
  ["flash", "flash held", 2],
];
const ERROR_STAYS = 10_000; // milliseconds

/** Fill the list of numbers. */
export function health(list, desk) {
  for (const [name, unit, digits] of SHOWN) {
    const report = desk.reports.find((one) => one.name === name);
    if (!report) continue;
    const number = element("b", {}, ["–"]);
    const entry = element("li", { title: report.help }, [number, ` ${unit}`]);
    entry.dataset.report = name;
    list.append(entry);
    desk.values.watch(STATE + name, (value) => {
      number.textContent = Number(value).toFixed(digits);
      if (name === "flash") entry.hidden = Number(value) === 0;
    });
  }
  const dreamer = element("li", { class: "warning", hidden: true }, ["the dreamer starts"]);
  list.append(dreamer);
  desk.values.watch(`${STATE}alive`, (value) => {
    dreamer.hidden = Boolean(value);
  });
}

/** Fill the buttons that keep what happens. */
export function recording(group, desk) {
  let running = false;
  const record = element("button", {
    type: "button", class: "chip record", "aria-pressed": "false",
    onclick: () => desk.command(running ? "record/stop" : "record/start"),
  }, ["Record"]);
  const mark = element("button", {
    type: "button", class: "chip", title: desk.commands.get("mark")?.help,
    onclick: () => desk.command("mark"),
  }, ["Mark"]);
  const snapshot = element("button", {
    type: "button", class: "chip", title: desk.commands.get("snapshot")?.help,
    onclick: () => desk.command("snapshot"),
  }, ["Snapshot"]);
  group.append(record, mark, snapshot);
  desk.values.watch(`${STATE}recording`, (value) => {
    running = Boolean(value);
    record.setAttribute("aria-pressed", String(running));
    record.textContent = running ? "Stop" : "Record";
    record.title = desk.commands.get(running ? "record/stop" : "record/start")?.help ?? "";
    mark.hidden = !running;
  });
  mark.hidden = true;
}

/** Say what was wrong with a message, politely and for a while. */
export function errors(said, desk) {
  let timer = 0;
  desk.values.watch(`${STATE}error`, (text) => {
    if (!desk.connection.here) return; // of some time ago
    said.textContent = String(text);
    clearTimeout(timer);
    timer = setTimeout(() => {
      said.textContent = "";
    }, ERROR_STAYS);
  });
}
