/** One card for every address of the table, its commands and its reports; nothing but this server. */

import { written } from "./curve.js";
import { element } from "./element.js";
import { ask } from "./requests.js";
import { plain } from "./search.js";

const TYPES = { f: "number", i: "whole number", s: "word" };
const SCOPES = {
  look: "the look: presets save it",
  show: "the evening: no preset touches it",
};
const code = (text) => element("code", {}, [text]);

/** What the example of a parameter sends: not its default, so that something happens. */
function example(line) {
  switch (line.kind) {
    case "toggle": return line.default ? 0 : 1;
    case "choice": return line.choices.find((choice) => choice !== line.default);
    case "word": return line.default;
    default: return Math.abs(line.default - line.maximum) > 1e-9 ? between(line) : line.minimum;
  }
}

/** Somewhere between the default and the maximum. */
function between(line) {
  const middle = (line.default + line.maximum) / 2;
  return line.kind === "integer" ? Math.ceil(middle) : Number(middle.toPrecision(3));
}

/** The command line that sends a message, by liblo's oscsend. */
function sent(door, address, types, values) {
  const written = values.map((value) => (/^[\w./:-]+$/.test(value) ? value : `'${value}'`));
  return ["oscsend", door.host, door.port, address, types, ...written].filter((part) => part !== "").join(" ");
}

function card(name, address, told, rows) {
  const made = element("article", { class: "card", id: name }, [
    element("h3", {}, [code(address)]),
    element("p", {}, [told]),
    element("dl", {}, rows.filter(([, value]) => value !== "").flatMap(([term, value]) => [
      element("dt", {}, [term]),
      element("dd", {}, [value]),
    ])),
  ]);
  made.dataset.words = plain(made.textContent + ` ${name}`);
  return made;
}

function range(line) {
  if (line.choices) return line.choices.join(", ");
  if (line.kind === "toggle") return "0 or 1";
  if (line.kind === "word") return line.name.startsWith("class/") ? "a class, by word or number" : "a name";
  const ways = [
    line.curve === "logarithmic" ? "even steps multiply" : "",
    line.wraps ? "goes round" : "",
  ].filter(Boolean);
  return `${written(line, line.minimum)} to ${written(line, line.maximum)} ${line.unit}`.trim() +
    (ways.length ? ` (${ways.join(", ")})` : "");
}

function parameter(line, door) {
  const numeric = line.minimum !== undefined;
  const standing = line.kind === "toggle" ? (line.default ? "on" : "off")
    : numeric ? written(line, line.default) : line.default;
  return card(line.name, line.address, `${line.label}. ${line.help}`, [
    ["Takes", `${TYPES[line.type]} (${line.type})`],
    ["Range", range(line)],
    ["Default", String(standing)],
    ["Belongs to", SCOPES[line.scope]],
    ["A fader of 0..1", numeric ? code(`/vjdream/norm/${line.name}`) : ""],
    ["Try", code(sent(door, line.address, line.type, [example(line)]))],
  ]);
}

function command(one, door) {
  const types = one.example.map((value) =>
    typeof value === "string" ? "s" : Number.isInteger(value) && !one.arguments.includes("f ") ? "i" : "f",
  ).join("");
  const [first, ...more] = one.addresses;
  const address = more.length ? `${first} … ${more.at(-1).split("/").at(-1)}` : first;
  return card(one.name, address, one.help, [
    ["Takes", one.arguments || "nothing"],
    ["Try", first.includes("<") ? "" : code(sent(door, first, types, one.example))],
  ]);
}

function report(one) {
  return card(one.address.replace("/vjdream/", ""), one.address, one.help, [
    ["Says", `${TYPES[one.type] ?? one.type} (${one.type})`],
  ]);
}

function section(title, cards) {
  return element("section", {}, [
    element("h2", {}, [title]),
    element("div", { class: "cards" }, cards),
  ]);
}

/** Show only the cards that have all words. */
function filter(text) {
  const words = plain(text).split(" ");
  let shown = 0;
  for (const one of document.querySelectorAll(".card")) {
    one.hidden = !words.every((word) => one.dataset.words.includes(word));
    if (!one.hidden) shown += 1;
  }
  for (const one of document.querySelectorAll("#cards section")) {
    one.hidden = !one.querySelector(".card:not([hidden])");
  }
  document.getElementById("found").textContent = `${shown} addresses`;
}

async function begin() {
  const found = document.getElementById("found");
  let table;
  let host;
  try {
    [table, host] = [await ask("/ui/table.json"), await ask("/?HOST_INFO")];
  } catch {
    found.textContent = "The engine is away; reload this page when it is back.";
    return;
  }
  const door = { host: location.hostname, port: host.OSC_PORT ?? 7700 };
  document.getElementById("door").append(` This engine listens at ${door.host}, port ${door.port}.`);
  const pages = [...new Set(table.parameters.map((line) => line.page))];
  document.getElementById("cards").append(
    ...pages.map((page) => section(page, table.parameters
      .filter((line) => line.page === page)
      .map((line) => parameter(line, door)))),
    section("Commands", table.commands.map((one) => command(one, door))),
    section("Reports to every subscriber", table.reports.map(report)),
  );
  const field = document.getElementById("find");
  field.addEventListener("input", () => filter(field.value));
  filter("");
  if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}

begin();
