/** The right control for every line of the table, with its number, default and explanation. */

import { combobox } from "./combobox.js";
import { stepped, typed, written } from "./curve.js";
import { element, fresh, icon } from "./element.js";
import { slider } from "./slider.js";

const LONGEST_ROW = 42; // letters that fit beside one another on a phone

/**
 * Return the control of one parameter.
 *
 * @param {object} line of the table
 * @param {object} desk what controls act on: `values`, `steer(line, value)`, `words`, `midi`
 */
export function control(line, desk) {
  const ids = { label: fresh("label"), help: fresh("help") };
  const parts = KINDS[line.kind](line, desk, ids);
  const reset = element("button", {
    type: "button", class: "small reset", "aria-label": `${line.label}: default`,
    title: `Back to ${line.kind === "toggle" ? (line.default ? "on" : "off") : line.default}`,
    onclick: () => desk.steer(line, line.default),
  }, [icon("reset")]);
  const made = element("div", { class: `control ${line.kind}` }, [
    element("div", { class: "control-head" }, [
      element("span", { id: ids.label, class: "label", title: line.help }, [line.label]),
      reset,
      desk.midi.button(line),
      ...(parts.beside ?? []),
    ]),
    parts.below ?? null,
    element("p", { id: ids.help, class: "explanation" }, [line.help]),
  ]);
  made.dataset.address = line.address;
  desk.values.watch(line.address, (value) => {
    parts.show(value);
    reset.classList.toggle("unneeded", same(line, value));
  });
  return made;
}

/** Whether a value is the default, as far as it can be seen. */
function same(line, value) {
  if (line.kind === "toggle") return Boolean(value) === line.default;
  if (line.kind === "choice" || line.kind === "word") return value === line.default;
  return written(line, value) === written(line, line.default);
}

function number(line, desk, ids) {
  const use = {
    labelledby: ids.label,
    describedby: ids.help,
    move: (value) => desk.steer(line, value),
    hold: () => desk.values.hold(line.address),
    release: () => desk.values.release(line.address),
  };
  const along = slider(line, use);
  const field = numberField(line, desk);
  return {
    beside: [field.element, line.unit ? element("span", { class: "unit" }, [line.unit]) : null],
    below: along.element,
    show(value) {
      along.show(value);
      field.show(value);
    },
  };
}

/** The number beside a slider, which can be typed. */
export function numberField(line, desk) {
  let value = line.default;
  const field = element("input", {
    type: "text", class: "number", autocomplete: "off", size: 6,
    inputMode: line.minimum < 0 ? "text" : "decimal", // some phones' decimal keys have no minus
    "aria-label": `${line.label}${line.unit ? `, ${line.unit}` : ""}`,
  });
  const revert = () => {
    field.value = written(line, value);
    field.removeAttribute("aria-invalid");
  };
  const send = (next) => {
    desk.steer(line, next);
    revert();
    field.select();
  };
  field.addEventListener("focus", () => field.select());
  field.addEventListener("change", () => {
    const next = typed(line, field.value); // some phones' keys have no Enter: leaving is meant so
    if (next !== null && field.value !== written(line, value)) desk.steer(line, next);
  });
  field.addEventListener("blur", revert);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      const next = typed(line, field.value);
      if (next === null) field.setAttribute("aria-invalid", "true");
      else send(next);
    } else if (event.key === "Escape") revert();
    else if (event.key === "ArrowUp") send(stepped(line, value, 0.01));
    else if (event.key === "ArrowDown") send(stepped(line, value, -0.01));
    else return;
    event.preventDefault();
  });
  return {
    element: field,
    show(next) {
      const typing = document.activeElement === field && field.value !== written(line, value);
      value = Number(next);
      if (!typing) revert();
    },
  };
}

function toggle(line, desk, ids) {
  const box = element("input", {
    type: "checkbox", role: "switch", class: "switch",
    "aria-labelledby": ids.label, "aria-describedby": ids.help,
    onchange: () => desk.steer(line, box.checked),
  });
  return {
    beside: [box],
    show(value) {
      box.checked = Boolean(value);
    },
  };
}

function choice(line, desk, ids) {
  const short = line.choices.join("").length + 2 * line.choices.length <= LONGEST_ROW;
  return short ? segments(line, desk, ids) : select(line, desk, ids);
}

/** Choices beside one another: radio buttons that look like one bar. */
export function segments(line, desk, ids) {
  const name = fresh(line.name);
  const boxes = line.choices.map((option) =>
    element("input", { type: "radio", name, value: option, onchange: () => desk.steer(line, option) }),
  );
  const bar = element("div", {
    class: "segments", role: "radiogroup",
    "aria-labelledby": ids.label, "aria-describedby": ids.help,
  }, boxes.map((box) => element("label", {}, [box, element("span", {}, [box.value])])));
  return {
    below: bar,
    show(value) {
      for (const box of boxes) box.checked = box.value === String(value);
    },
  };
}

function select(line, desk, ids) {
  const list = element("select", {
    "aria-labelledby": ids.label, "aria-describedby": ids.help,
    onchange: () => desk.steer(line, list.value),
  }, line.choices.map((option) => element("option", { value: option }, [option])));
  return {
    below: list,
    show(value) {
      list.value = value;
    },
  };
}

function word(line, desk, ids) {
  const box = wordField(line, desk, ids.help);
  return { below: box.element, show: box.show };
}

/** The search for a class or a layer. */
export function wordField(line, desk, describedby) {
  const box = combobox({
    label: line.label,
    describedby,
    find: (text) => desk.words.find(line, text),
    choose: (value) => desk.steer(line, value),
    free: (text) => desk.wish(line, text),
  });
  return { element: box.element, show: (value) => box.show(desk.words.name(line, String(value))) };
}

const KINDS = { continuous: number, integer: number, toggle, choice, word };
