/** Requests to the server that this page came from; where it wants a PIN, the person is asked. */

import { askPin } from "./pin.js";

const PATIENCE = 6000; // milliseconds

/**
 * Return what the server answers, as plain values.
 *
 * @throws when the server is away or refuses
 */
export async function ask(path) {
  for (;;) {
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(path, { cache: "no-store", credentials: "same-origin", signal });
    if (answer.ok) return answer.json();
    const told = await answer.json().catch(() => ({}));
    if (answer.status !== 401 || !told.pin) {
      throw new Error(told.error ?? `${path} answers ${answer.status}`);
    }
    await askPin();
  }
}
