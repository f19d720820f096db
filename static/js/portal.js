// The one entry: each behaviour is a file of its own and starts from a data- attribute, on the page and in what htmx brings.
import { start as submitOnce } from "./submit-once.js";
import { start as menus } from "./menus.js";
import { start as requestErrors } from "./request-errors.js";
import { start as spine } from "./spine.js";

const LATER = {
  "form[data-autosave]": "./autosave.js",
  "[data-series-url], [data-series]": "./chart.js",
  "[data-task-board]": "./task-board.js",
  "[data-room]": "./room.js",
  "[data-portfolio]": "./portfolio.js",
  "[data-shown-with]": "./shown-when.js",
  "[data-guess-time-zone]": "./time-zone.js",
};

async function awaken(root) {
  for (const [selector, path] of Object.entries(LATER)) {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches?.(selector)) found.push(root);
    if (!found.length) continue;
    const { start } = await import(path);
    for (const element of found) {
      if (element.dataset.awake) continue;
      element.dataset.awake = "yes";
      start(element);
    }
  }
}

submitOnce(document);
menus(document);
requestErrors(document);
spine(document);
awaken(document.documentElement);
document.addEventListener("htmx:load", (event) => awaken(event.detail.elt));
