// Ladders to fill in: ticking a level ticks those beneath it, clearing one clears those above it. The server decides the same way.

import { findAll, on } from "./dom.js";

const boxes = (row) => findAll('input[type="checkbox"]', row);

on("change", "[data-ladder] input", (event, box) => {
  const ladder = boxes(box.closest("[data-ladder]"));
  const at = ladder.indexOf(box);
  ladder.forEach((other, height) => {
    if (other.disabled) return;
    if (box.checked ? height < at : height > at) other.checked = box.checked;
  });
});
