// The bar and the Actions menu for the selected rows.

import { find, findAll, on } from "./dom.js";
import { actionAllows, run } from "./actions.js";
import { onSelection, refresh, selected, subject } from "./selection.js";

function setUsable(entry, usable) {
  if (entry.matches('[role="menuitem"]')) entry.setAttribute("aria-disabled", String(!usable));
  else entry.disabled = !usable;
}

onSelection((subjects) => {
  const bar = find(".bulkbar");
  if (bar) bar.hidden = subjects.length === 0;
  for (const entry of findAll("[data-bulk]")) {
    setUsable(entry, actionAllows(entry.dataset.bulk, subjects));
  }
});

on("click", "[data-bulk]", (event, entry) => {
  event.preventDefault();
  if (entry.getAttribute("aria-disabled") === "true") return;
  entry.closest("[popover]")?.hidePopover();
  run(entry.dataset.bulk, selected().map(subject));
});

refresh();

// The browser may bring back ticked boxes when one returns to this page.
addEventListener("pageshow", refresh);
