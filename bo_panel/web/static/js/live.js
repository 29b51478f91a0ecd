// Says something to a screen reader without moving anything.

import { find } from "./dom.js";

export function announce(sentence) {
  const region = find("#live");
  region.textContent = "";
  requestAnimationFrame(() => {
    region.textContent = sentence;
  });
}
