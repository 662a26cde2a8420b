/** A field that finds a word while it is typed: the combobox of the ARIA practices. */

import { element, fresh } from "./element.js";

/**
 * @param {{label: string, describedby?: string, find: function(string): Array<{value: string,
 *   name: string, by?: string}>, choose: function(string), free: function(string)}} use `find`
 *   returns what a text can mean; `choose` takes one of those values, `free` what is none of them
 * @returns {{element: HTMLElement, show: function(string)}} `show` puts a name into the field
 */
export function combobox(use) {
  const listId = fresh("list");
  let shown = "";
  let options = [];
  let active = -1;

  const field = element("input", {
    type: "text", role: "combobox", class: "combobox-field", autocomplete: "off",
    spellcheck: false, autocapitalize: "none", enterKeyHint: "go",
    "aria-label": use.label, "aria-describedby": use.describedby,
    "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": listId,
  });
  const list = element("ul", {
    id: listId, role: "listbox", class: "combobox-list", hidden: true, "aria-label": use.label,
  });
  const made = element("div", { class: "combobox" }, [field, list]);
  const isOpen = () => !list.hidden;

  function open(text) {
    options = use.find(text);
    list.replaceChildren(...options.map(option));
    list.hidden = options.length === 0;
    if (isOpen()) list.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-expanded", String(isOpen()));
    activate(text && options.length ? 0 : -1);
  }

  function close() {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    activate(-1);
  }

  function option({ value, name, by }) {
    return element("li", {
      id: fresh("option"), role: "option", "aria-selected": "false",
      onpointerdown: (event) => event.preventDefault(), // the field keeps its focus
      onclick: () => choose(value),
    }, [name, by ? element("span", { class: "by" }, [by]) : null]);
  }

  function activate(place) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = place;
    const chosen = list.children[active];
    if (!chosen) {
      field.removeAttribute("aria-activedescendant");
      return;
    }
    chosen.setAttribute("aria-selected", "true");
    field.setAttribute("aria-activedescendant", chosen.id);
    const low = chosen.offsetTop + chosen.offsetHeight - list.clientHeight;
    list.scrollTop = Math.max(low, Math.min(list.scrollTop, chosen.offsetTop)); // never the page
  }

  function choose(value) {
    revert(); // nothing is being typed any more
    use.choose(value);
    field.select();
  }

  function enter() {
    const text = field.value.trim();
    if (isOpen() && active >= 0) choose(options[active].value);
    else if (text && text !== shown) {
      close();
      use.free(text);
    }
  }

  function revert() {
    close();
    field.value = shown;
  }

  field.addEventListener("focus", () => field.select());
  field.addEventListener("click", () => isOpen() || open(""));
  field.addEventListener("input", () => open(field.value));
  field.addEventListener("blur", revert);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const last = options.length - 1;
    if (event.key === "ArrowDown") {
      if (!isOpen()) open("");
      else activate(active < last ? active + 1 : 0);
    } else if (event.key === "ArrowUp") {
      if (!isOpen()) open("");
      else activate(active > 0 ? active - 1 : last);
    } else if (event.key === "Enter") enter();
    else if (event.key === "Escape") revert();
    else return;
    event.preventDefault();
  });

  return {
    element: made,
    show(name) {
      const typing = document.activeElement === field && field.value !== shown;
      shown = name;
      if (!typing) field.value = name;
    },
  };
}
