// The ticks for access beside the type: the type opens and closes them, and for somebody new ticks those that it starts with.

import { findAll } from "./dom.js";

const boxes = findAll(".toggles input[type=checkbox]");
const listed = (text) => (text ?? "").split(" ").filter(Boolean);

export function matchToggles(option, isNew) {
  const starts = listed(option?.dataset.toggles);
  for (const box of boxes) {
    const types = listed(box.dataset.types);
    const fits = types.length === 0 || types.includes(option?.value ?? "");
    box.disabled = !fits || box.dataset.locked !== undefined;
    if (isNew && !box.disabled) box.checked = starts.includes(box.value);
  }
}
