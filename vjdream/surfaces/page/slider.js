/**
 * A slider along a parameter's curve.
 *
 * A mouse takes the thumb where it points. A finger pulls it from where it stands and never jumps,
 * and a page that is scrolled past moves nothing. Twice clicked or tapped, or Delete, is the default.
 */

import { position, stepped, valueAt, written } from "./curve.js";
import { element } from "./element.js";

const STEPS = { fine: 0.001, arrow: 0.01, page: 0.1 }; // parts of the whole way
const TWICE = 350; // milliseconds between two taps
const STILL = 6; // pixels that a tap may move

/** The value that does nothing, where one lies inside the range; else the least. */
function neutral(line) {
  if (line.curve !== "logarithmic") return Math.max(0, line.minimum);
  return Math.abs(line.minimum * line.maximum - 1) < 1e-9 ? 1 : line.minimum;
}

/**
 * @param {object} line of the table
 * @param {{labelledby?: string, label?: string, describedby?: string, move: function(number),
 *   hold: function(), release: function()}} use
 * @returns {{element: HTMLElement, show: function(number)}}
 */
export function slider(line, use) {
  let value = line.default;
  const made = element("div", {
    class: "slider",
    role: "slider",
    tabindex: "0",
    "aria-labelledby": use.labelledby,
    "aria-label": use.label,
    "aria-describedby": use.describedby,
    "aria-valuemin": line.minimum,
    "aria-valuemax": line.maximum,
  }, [element("div", { class: "track" }, [
    element("div", { class: "fill" }),
    element("div", { class: "default-mark" }),
    element("div", { class: "thumb" }),
  ])]);
  const track = made.firstChild;
  made.style.setProperty("--default", position(line, line.default));
  made.style.setProperty("--from", position(line, neutral(line)));

  function show(next) {
    value = Number(next);
    made.style.setProperty("--at", position(line, value));
    made.setAttribute("aria-valuenow", Number(value.toPrecision(6))); // not the noise of a float
    made.setAttribute("aria-valuetext", `${written(line, value)} ${line.unit}`.trim());
  }

  function move(next) {
    if (next !== value) use.move(next);
  }

  function nextByKey(event) {
    const share = event.shiftKey ? STEPS.fine : STEPS.arrow;
    switch (event.key) {
      case "ArrowRight": case "ArrowUp": return stepped(line, value, share);
      case "ArrowLeft": case "ArrowDown": return stepped(line, value, -share);
      case "PageUp": return stepped(line, value, STEPS.page);
      case "PageDown": return stepped(line, value, -STEPS.page);
      case "Home": return line.minimum;
      case "End": return line.maximum;
      case "Delete": case "Backspace": return line.default;
      default: return null;
    }
  }

  made.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const next = nextByKey(event);
    if (next === null) return;
    event.preventDefault();
    use.hold();
    move(next);
    use.release();
  });

  let drag = null; // where the pointer went down, and how far the slider was
  let tapped = -Infinity;

  made.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || drag) return; // one hand at a time
    made.setPointerCapture(event.pointerId);
    made.classList.add("dragged");
    use.hold();
    const { left, width } = track.getBoundingClientRect();
    const jumps = event.pointerType === "mouse";
    const from = jumps ? (event.clientX - left) / width : position(line, value);
    drag = { pointer: event.pointerId, x: event.clientX, y: event.clientY, width, from, moved: false };
    if (jumps) move(valueAt({ ...line, wraps: false }, from));
  });

  made.addEventListener("pointermove", (event) => {
    if (event.pointerId !== drag?.pointer) return;
    const way = event.clientX - drag.x;
    const along = Math.abs(way) > Math.abs(event.clientY - drag.y) || event.pointerType === "mouse";
    drag.moved ||= Math.abs(way) > STILL && along;
    if (drag.moved) move(valueAt({ ...line, wraps: false }, drag.from + way / drag.width));
  });

  function end(event) {
    if (event.pointerId !== drag?.pointer) return;
    made.classList.remove("dragged");
    if (event.type === "pointerup" && !drag.moved) {
      if (event.timeStamp - tapped < TWICE) move(line.default);
      tapped = event.timeStamp;
    }
    drag = null;
    use.release();
  }
  made.addEventListener("pointerup", end);
  made.addEventListener("pointercancel", end);

  show(value);
  return { element: made, show };
}
