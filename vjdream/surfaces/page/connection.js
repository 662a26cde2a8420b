/**
 * The one connection to the engine: OSC messages over a WebSocket, in OSCQuery's manner.
 *
 * Values that move are sent once for each picture that the screen shows, the last one always;
 * commands are sent at once, after the values that were set before them.
 */

import { decode, encode } from "./osc.js";
import { ask } from "./requests.js";

const FIRST_PAUSE = 500; // milliseconds; doubles with every try
const LONGEST_PAUSE = 8000;
const LONGEST_WAIT = 100; // for the next picture: a hidden page has none
const SILENCE = 4000; // after which the engine is asked whether it is still there

export class Connection {
  #values;
  #addresses = [];
  #waiting = new Map(); // address -> message
  #planned = false;
  #socket = null;
  #pause = FIRST_PAUSE;
  #heard = new Set(); // since the connection stands
  #heardAt = 0;

  /**
   * @param {import("./values.js").Values} values filled with what is heard
   * @param {{state: function(string, number), changed: function(object|null)}} told `state` with
   *   "here" or "away" and the pause in seconds; `changed` with the tree of all values, or null when
   *   the engine's own classes and layers are others
   */
  constructor(values, told) {
    this.#values = values;
    this.told = told;
  }

  get here() {
    return this.#socket !== null;
  }

  /** Connect, and again whenever it breaks off. */
  async keep(addresses) {
    this.#addresses = addresses;
    for (;;) {
      try {
        await ask("/ui/pin"); // a WebSocket cannot say that a PIN is asked for
        await this.#once();
      } catch {
        // told below, like any other end
      }
      this.told.state("away", this.#pause / 1000);
      await this.#paused();
    }
  }

  /** Set a value; of many within one picture only the last is sent. */
  set(address, type, value) {
    this.#waiting.delete(address); // the newest goes to the end of the line
    this.#waiting.set(address, encode(address, type, [value]));
    if (this.#planned) return;
    this.#planned = true;
    const flush = () => this.flush();
    requestAnimationFrame(flush);
    setTimeout(flush, LONGEST_WAIT);
  }

  /** Send what waits, now. */
  flush() {
    this.#planned = false;
    for (const message of this.#waiting.values()) this.#deliver(message);
    this.#waiting.clear();
  }

  /** Ask for something that is not a value. */
  command(address, types = "", values = []) {
    this.flush();
    this.#deliver(encode(address, types, values));
  }

  #deliver(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(message);
  }

  /** One connection from its beginning to its end. */
  #once() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/`);
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onopen = () => this.#begin(socket);
    return new Promise((resolve) => {
      const watch = setInterval(() => this.#check(ended), SILENCE / 2);
      const ended = () => {
        clearInterval(watch);
        socket.onclose = null;
        socket.onmessage = null;
        socket.close();
        this.#socket = null;
        resolve();
      };
      socket.onclose = ended;
    });
  }

  /** A network that is gone closes no socket: ask, and end the connection without an answer. */
  async #check(ended) {
    if (!this.#socket || performance.now() - this.#heardAt < SILENCE) return;
    try {
      await ask("/?HOST_INFO");
      this.#heardAt = performance.now();
    } catch {
      ended();
    }
  }

  async #begin(socket) {
    this.#heard.clear();
    this.#waiting.clear(); // what was moved while the engine was away is not meant for now
    for (const address of this.#addresses) {
      socket.send(JSON.stringify({ COMMAND: "LISTEN", DATA: address }));
    }
    try {
      await this.refresh();
    } catch {
      socket.close();
      return;
    }
    if (socket.readyState !== WebSocket.OPEN) return;
    this.#socket = socket;
    this.#heardAt = performance.now();
    this.#pause = FIRST_PAUSE;
    this.told.state("here", 0);
  }

  /** Read all values; those that were heard meanwhile are newer. */
  async refresh() {
    const tree = await ask("/vjdream");
    for (const node of leaves(tree)) {
      const value = node.VALUE?.[0] ?? null;
      if (value !== null && !this.#heard.has(node.FULL_PATH)) {
        this.#values.hear(node.FULL_PATH, value);
      }
    }
    this.told.changed(tree);
  }

  #receive(data) {
    this.#heardAt = performance.now();
    if (typeof data === "string") {
      this.#notice(data);
      return;
    }
    try {
      const { address, values } = decode(data);
      this.#heard.add(address);
      if (values.length) this.#values.hear(address, values[0]);
    } catch (error) {
      console.warn(`A message was not understood: ${error.message}`);
    }
  }

  #notice(text) {
    try {
      if (JSON.parse(text).COMMAND !== "PATH_CHANGED") return;
    } catch {
      return; // other notices are none of this page's business
    }
    this.told.changed(null);
  }

  #paused() {
    const pause = this.#pause;
    this.#pause = Math.min(2 * pause, LONGEST_PAUSE);
    return new Promise((resolve) => {
      const timer = setTimeout(done, pause);
      function done() {
        clearTimeout(timer);
        window.removeEventListener("online", done);
        resolve();
      }
      window.addEventListener("online", done);
    });
  }
}

/** Return all nodes of an OSCQuery tree that hold nothing but themselves. */
export function leaves(node) {
  const inside = Object.values(node.CONTENTS ?? {});
  return inside.length ? inside.flatMap(leaves) : [node];
}

/** Return the node of that address, or undefined. */
export function node(tree, address) {
  return leaves(tree).find((leaf) => leaf.FULL_PATH === address);
}
