/** What must always be in reach: black, and how bright. */

import { numberField } from "./controls.js";
import { element, fresh } from "./element.js";
import { slider } from "./slider.js";

/**
 * @param {HTMLElement} room
 * @param {object} desk
 */
export function showbar(room, desk) {
  room.append(blackout(desk), ...master(desk));
}

function blackout(desk) {
  const line = desk.lines.get("blackout");
  const word = element("span", {}, [line.label]);
  const button = element("button", {
    type: "button", class: "blackout", "aria-pressed": "false", "aria-keyshortcuts": "Control+B",
    title: `${line.help} Ctrl+B`,
    onclick: () => desk.steer(line, !desk.values.get(line.address)),
  }, [word]);
  desk.values.watch(line.address, (value) => {
    button.setAttribute("aria-pressed", String(Boolean(value)));
    document.body.classList.toggle("black", Boolean(value));
  });
  document.addEventListener("keydown", (event) => {
    if (!event.ctrlKey || event.altKey || event.shiftKey || event.key !== "b") return;
    event.preventDefault();
    if (!event.repeat) button.click();
  });
  return button;
}

function master(desk) {
  const line = desk.lines.get("master");
  const label = fresh("label");
  const along = slider(line, {
    labelledby: label,
    move: (value) => desk.steer(line, value),
    hold: () => desk.values.hold(line.address),
    release: () => desk.values.release(line.address),
  });
  const field = numberField(line, desk);
  desk.values.watch(line.address, (value) => {
    along.show(value);
    field.show(value);
  });
  return [element("div", { class: "master" }, [
    element("span", { id: label, class: "label" }, [line.label]),
    field.element,
    along.element,
  ])];
}
