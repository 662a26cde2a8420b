/** The dialog that asks for the PIN which the engine shows in its terminal. */

import { element } from "./element.js";

let asking = null;

/** Resolve when the server has taken a PIN; several may ask at once and share one dialog. */
export function askPin() {
  asking ??= shown().finally(() => {
    asking = null;
  });
  return asking;
}

function shown() {
  const number = element("input", {
    id: "pin", name: "pin", inputMode: "numeric", autocomplete: "one-time-code",
    pattern: "[0-9]{6}", maxLength: 6, required: true, class: "pin-number",
    "aria-describedby": "pin-told",
  });
  const told = element("p", { id: "pin-told", role: "alert", class: "told" });
  const form = element("form", { method: "dialog" }, [
    element("h2", { id: "pin-title" }, ["This show asks for its PIN"]),
    element("p", {}, ["Six digits; the terminal where vjdream runs shows them."]),
    element("label", { for: "pin" }, ["PIN"]),
    number,
    told,
    element("button", { type: "submit", class: "strong" }, ["Let me in"]),
  ]);
  const dialog = element("dialog", { class: "pin", "aria-labelledby": "pin-title" }, [form]);
  document.body.append(dialog);
  dialog.showModal();
  dialog.addEventListener("cancel", (event) => event.preventDefault()); // there is nothing behind it

  return new Promise((resolve) => {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const refused = await refusal(number.value);
      if (refused) {
        told.textContent = refused;
        number.select();
        return;
      }
      dialog.close();
      dialog.remove();
      resolve();
    });
  });
}

/** Why the server does not take a PIN; empty when it does. */
async function refusal(pin) {
  try {
    const answer = await fetch("/ui/pin", {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ pin }),
    });
    if (answer.ok) return "";
    const told = await answer.json().catch(() => ({}));
    return told.error ?? "That is not the PIN.";
  } catch {
    return "The engine does not answer.";
  }
}
