/**
 * The newest of everything that was heard, and what this page wants it to be.
 *
 * While somebody drags a control, what the engine says of it waits, and 200 ms longer: an echo of a
 * moment ago must not pull the slider out of a hand.
 */

export const SETTLING = 200; // milliseconds

export class Values {
  #newest = new Map();
  #watchers = new Map();
  #held = new Map(); // address -> what came meanwhile

  /** The newest value of an address, or undefined. */
  get(address) {
    return this.#newest.get(address);
  }

  /** Call back with every new value of an address, and at once when there is one. */
  watch(address, callback) {
    const watchers = this.#watchers.get(address) ?? [];
    this.#watchers.set(address, [...watchers, callback]);
    if (this.#newest.has(address)) callback(this.#newest.get(address));
  }

  /** Take a value from the engine. */
  hear(address, value) {
    const hold = this.#held.get(address);
    if (hold) hold.heard = { value };
    else this.#tell(address, value);
  }

  /** Take a value from this page's own controls. */
  steer(address, value) {
    const hold = this.#held.get(address);
    if (hold) hold.heard = null; // older than what is sent now
    this.#tell(address, value);
  }

  /** What the engine says of an address waits from now on. */
  hold(address) {
    const hold = this.#held.get(address) ?? { heard: null };
    clearTimeout(hold.timer);
    this.#held.set(address, hold);
  }

  /** Listen again soon. */
  release(address) {
    const hold = this.#held.get(address);
    if (!hold) return;
    clearTimeout(hold.timer);
    hold.timer = setTimeout(() => {
      this.#held.delete(address);
      if (hold.heard) this.#tell(address, hold.heard.value);
    }, SETTLING);
  }

  #tell(address, value) {
    this.#newest.set(address, value);
    for (const callback of this.#watchers.get(address) ?? []) callback(value);
  }
}
