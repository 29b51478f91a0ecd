// One menu for all rows: opened by the row's button, by right click, and by Shift+F10.

import { find, findAll, on } from "./dom.js";
import { actionAllows, run } from "./actions.js";
import { openAt } from "./popover.js";
import { subject } from "./selection.js";

const ROW = "tr[data-id]";
let current = null;

const pointer = ({ clientX: x, clientY: y }) => ({ left: x, right: x, top: y, bottom: y });

function open(row, where) {
  const menu = find("#row-menu");
  const entries = findAll("[data-row-action]", menu);
  current = subject(row);
  for (const entry of entries) entry.hidden = !actionAllows(entry.dataset.rowAction, [current]);
  if (entries.every((entry) => entry.hidden)) return;
  find("[data-row-name]", menu).textContent = current.name;
  menu.dataset.align = where.getBoundingClientRect ? "end" : "start";
  openAt(menu, where);
}

on("click", "[data-row-menu]", (event, button) => {
  event.preventDefault();
  open(button.closest(ROW), button);
});

on("contextmenu", ROW, (event, row) => {
  const button = find("[data-row-menu]", row);
  if (!button) return;
  event.preventDefault();
  const byKey = event.button !== 2;
  if (byKey && find("#row-menu").matches(":popover-open")) return; // the key has opened it already
  open(row, byKey ? button : pointer(event));
});

// Not every browser makes a context menu of these keys.
on("keydown", ROW, (event, row) => {
  const button = find("[data-row-menu]", row);
  if (!button || !(event.key === "ContextMenu" || (event.shiftKey && event.key === "F10"))) return;
  event.preventDefault();
  open(row, button);
});

on("click", "[data-row-action]", (event, entry) => {
  find("#row-menu").hidePopover();
  run(entry.dataset.rowAction, [current]);
});
