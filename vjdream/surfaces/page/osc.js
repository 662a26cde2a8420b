/**
 * OSC 1.0 messages with the types that vjdream speaks: i, h, f, d, s, T and F.
 *
 * Strict in both directions: what is no message is an error, never a guess.
 */

const SIZES = { i: 4, h: 8, f: 4, d: 8 };
const TEXT = new TextEncoder();
const PLAIN = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes of a string as OSC has it: with zeros up to a multiple of four. */
function terminated(text) {
  if (text.includes("\0")) throw new RangeError("a string of OSC holds no zero");
  const raw = TEXT.encode(text);
  const padded = new Uint8Array((raw.length & ~3) + 4);
  padded.set(raw);
  return padded;
}

function encodedArgument(type, value) {
  if (type === "T" || type === "F") return new Uint8Array(0);
  if (type === "s" && typeof value === "string") return terminated(value);
  if (!(type in SIZES)) throw new TypeError(`no value can be sent with the type '${type}'`);
  const bytes = new Uint8Array(SIZES[type]);
  const view = new DataView(bytes.buffer);
  if (type === "h") {
    view.setBigInt64(0, BigInt(value));
    return bytes;
  }
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new TypeError(`${value} is no number for the type '${type}'`);
  }
  if (type === "i") {
    if (value !== (value | 0)) throw new RangeError(`${value} is no integer of 32 bits`);
    view.setInt32(0, value);
  } else if (type === "f") {
    view.setFloat32(0, value);
  } else {
    view.setFloat64(0, value);
  }
  return bytes;
}

/**
 * Return one message as bytes.
 *
 * @param {string} address begins with a slash
 * @param {string} types one letter for each value
 * @param {Array<number|string|bigint|boolean>} values
 */
export function encode(address, types = "", values = []) {
  if (!address.startsWith("/")) throw new RangeError(`'${address}' is no address`);
  if (types.length !== values.length) {
    throw new RangeError(`${values.length} values cannot have the types '${types}'`);
  }
  const parts = [terminated(address), terminated(`,${types}`)];
  values.forEach((value, place) => parts.push(encodedArgument(types[place], value)));
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}

/** Reads a message from front to back. */
class Reader {
  constructor(buffer) {
    this.bytes = buffer instanceof Uint8Array ? buffer : new Uint8Array(buffer);
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length);
    this.position = 0;
  }

  take(size) {
    const start = this.position;
    if (start + size > this.bytes.length) throw new RangeError("a message ends too early");
    this.position += size;
    return start;
  }

  string() {
    const end = this.bytes.indexOf(0, this.position);
    if (end < 0) throw new RangeError("a string has no end");
    const start = this.take(((end - this.position) & ~3) + 4);
    if (this.bytes.subarray(end, this.position).some(Boolean)) {
      throw new RangeError("a string is followed by something other than zeros");
    }
    return PLAIN.decode(this.bytes.subarray(start, end));
  }

  argument(type) {
    switch (type) {
      case "i": return this.view.getInt32(this.take(4));
      case "h": return Number(this.view.getBigInt64(this.take(8)));
      case "f": return this.view.getFloat32(this.take(4));
      case "d": return this.view.getFloat64(this.take(8));
      case "s": return this.string();
      case "T": return true;
      case "F": return false;
      default: throw new TypeError(`the type '${type}' is not understood`);
    }
  }
}

/**
 * Return the address and the values of one message.
 *
 * @param {ArrayBuffer|Uint8Array} buffer
 * @returns {{address: string, types: string, values: Array<number|string|boolean>}}
 * @throws for anything that is not exactly one message
 */
export function decode(buffer) {
  const reader = new Reader(buffer);
  if (reader.bytes.length % 4) throw new RangeError("a message's size is a multiple of four");
  const address = reader.string();
  if (!address.startsWith("/")) throw new RangeError(`'${address}' is no address`);
  const tags = reader.string();
  if (!tags.startsWith(",")) throw new RangeError("a message has no type tags");
  const types = tags.slice(1);
  const values = Array.from(types, (type) => reader.argument(type));
  if (reader.position !== reader.bytes.length) throw new RangeError("a message goes on too long");
  return { address, types, values };
}
