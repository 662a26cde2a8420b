/** The picture that leaves, and what the network sees in it; fetched only while somebody looks. */

import { element } from "./element.js";
import { REGIONS as COUNTS } from "./regions.js";

const AGAIN = 2000; // milliseconds after the picture was lost, and between still pictures
const REGIONS = [1, 2, 3, 4];

/**
 * @param {HTMLElement} figure gets the picture
 * @param {object} desk
 */
export function preview(figure, desk) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const room = element("div", { class: "picture" });
  const chooser = element("button", {
    type: "button", class: "chip preview-chooser", "aria-pressed": "true",
    onclick: () => {
      wanted = !wanted;
      chooser.setAttribute("aria-pressed", String(wanted));
      document.body.classList.toggle("without-preview", !wanted);
      update();
    },
  }, ["Preview"]);
  figure.append(room, seen(desk), chooser);

  let wanted = true;
  let visible = true;
  let image = null;
  let timer = 0;

  function update() {
    const looks = wanted && visible && !document.hidden && desk.connection.here;
    if (looks && !image) start();
    if (!looks && image) stop();
  }

  function start() {
    image = element("img", { alt: "Preview of the picture that leaves", onerror: again });
    if (calm.matches) image.addEventListener("load", again);
    image.src = `${calm.matches ? "preview.jpg" : "preview.mjpeg"}?at=${Date.now()}`;
    room.append(image);
  }

  function stop() {
    clearTimeout(timer);
    image.removeAttribute("src"); // ends the stream; removing the picture alone would not
    image.remove();
    image = null;
  }

  function again() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (calm.matches && image) image.src = `preview.jpg?at=${Date.now()}`;
      else if (image) {
        stop();
        update();
      }
    }, AGAIN);
  }

  document.addEventListener("visibilitychange", update);
  new IntersectionObserver((entries) => {
    visible = entries.at(-1).isIntersecting;
    update();
  }).observe(figure);
  new MutationObserver(update).observe(document.body, { attributeFilter: ["class"] });
  update();
}

/** What the network sees in each region, over the picture. */
function seen(desk) {
  const list = element("ul", { class: "seen", "aria-label": "What the network sees" });
  const arrangements = [];
  let count = REGIONS.length;
  desk.values.watch("/vjdream/split/shape", (shape) => {
    count = COUNTS[shape] ?? REGIONS.length;
    for (const arrange of arrangements) arrange();
  });
  for (const region of REGIONS) {
    let seenHere = false;
    const word = element("b");
    const sure = element("span");
    const entry = element("li", { class: `region-${region}`, hidden: true }, [
      element("span", { class: "number-of" }, [String(region)]), word, sure,
    ]);
    list.append(entry);
    const arrange = () => {
      entry.hidden = !seenHere || region > count;
    };
    arrangements.push(arrange);
    desk.values.watch(`/vjdream/see/${region}`, (slug) => {
      word.textContent = desk.words.title(String(slug));
      seenHere = Boolean(slug);
      arrange();
    });
    desk.values.watch(`/vjdream/sure/${region}`, (share) => {
      sure.textContent = `${Math.round(100 * share)} %`;
      entry.style.setProperty("--sure", share);
    });
  }
  return list;
}
