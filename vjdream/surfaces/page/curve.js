/**
 * Numbers along a parameter's curve, as `vjdream/parameters.py` has it, and how they are written.
 *
 * A line is one parameter of `/ui/table.json`; a position is 0..1 along its curve.
 */

const SIGNIFICANT = 4; // digits that are shown
const EXACT = 6; // digits that a float of 32 bits keeps

const clamped = (value, low, high) => Math.min(Math.max(value, low), high);

/** Where a value lies along the curve, 0..1. */
export function position(line, value) {
  const inside = clamped(value, line.minimum, line.maximum);
  if (line.curve === "logarithmic") {
    return Math.log(inside / line.minimum) / Math.log(line.maximum / line.minimum);
  }
  return (inside - line.minimum) / (line.maximum - line.minimum);
}

/** The value at a position, with as many digits as are shown. */
export function valueAt(line, place) {
  const share = line.wraps ? place - Math.floor(place) : clamped(place, 0, 1);
  if (line.curve === "logarithmic") {
    return tidy(line, line.minimum * (line.maximum / line.minimum) ** share);
  }
  return tidy(line, line.minimum + share * (line.maximum - line.minimum));
}

/** How many digits after the point tell a thousandth of the range and more. */
function decimals(line) {
  return clamped(4 - Math.floor(Math.log10(line.maximum - line.minimum)), 0, 8);
}

/** The value that a place on the slider sends: inside the range, without digits that nobody sees. */
export function tidy(line, value) {
  const inside = clamped(value, line.minimum, line.maximum);
  if (line.kind === "integer") return Math.round(inside);
  const short =
    line.curve === "logarithmic"
      ? Number(inside.toPrecision(SIGNIFICANT))
      : Number(inside.toFixed(decimals(line)));
  return clamped(short, line.minimum, line.maximum) + 0; // no -0
}

/** A value as somebody meant it, fitted into the range. */
function exact(line, value) {
  const inside = clamped(value, line.minimum, line.maximum);
  return line.kind === "integer" ? Math.round(inside) : Number(inside.toPrecision(EXACT)) + 0;
}

/** A number as it is written beside its slider. */
export function written(line, value) {
  const digits = line.kind === "integer" ? EXACT : SIGNIFICANT;
  return String(Number(Number(value).toPrecision(digits)) + 0).replace("-", "−");
}

/**
 * The number that somebody typed, or null when it is none.
 *
 * A comma is a point, and the minus may be the typographic one.
 */
export function typed(line, text) {
  const plain = text.trim().replace(",", ".").replace("−", "-");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain)) return null;
  const value = Number(plain);
  if (line.wraps && (value < line.minimum || value > line.maximum)) {
    const span = line.maximum - line.minimum;
    return exact(line, line.minimum + ((((value - line.minimum) % span) + span) % span));
  }
  return exact(line, value);
}

/**
 * The value one step further.
 *
 * @param {number} share of the whole way; integers go on by one at least
 */
export function stepped(line, value, share) {
  if (line.kind === "integer") {
    const step = Math.max(1, Math.round(Math.abs(share) * (line.maximum - line.minimum)));
    return tidy(line, value + Math.sign(share) * step);
  }
  const next = position(line, value) + share;
  return valueAt(line, line.wraps ? next : clamped(next, 0, 1));
}
