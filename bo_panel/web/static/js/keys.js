// Keyboard shortcuts. Single keys never act while someone types, and can be switched off (WCAG 2.1.4).

import { find, findAll, isVisible } from "./dom.js";
import { openPopover } from "./popover.js";
import { clearSelection } from "./selection.js";
import { moveCursor, openAtCursor, toggleAtCursor } from "./row_cursor.js";

const STORE = "boKeys";
const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

const keysAreOn = () => localStorage.getItem(STORE) !== "off";

const control = find("[data-keys-switch]");
if (control) {
  control.checked = keysAreOn();
  control.addEventListener("change", () => localStorage.setItem(STORE, control.checked ? "on" : "off"));
}

const SINGLE = {
  "/": () => focusSearch(),
  "?": () => showList(),
  j: () => moveCursor(1),
  k: () => moveCursor(-1),
  x: (event) => toggleAtCursor(event.shiftKey),
  enter: (event) => openAtCursor(event),
};

function focusSearch() {
  const search = find("[data-live-search]");
  search?.focus();
  return Boolean(search);
}

function showList() {
  const list = find("#shortcuts");
  list?.showModal();
  return Boolean(list);
}

function pressMarked(key) {
  const marked = findAll("[data-key]").find((element) => element.dataset.key === key && isVisible(element));
  marked?.focus();
  marked?.click();
  return Boolean(marked);
}

function save(event) {
  const form = find("form[data-guard]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(find("[data-save]", form));
}

document.addEventListener("keydown", (event) => {
  const key = event.key.toLowerCase();
  const command = event.ctrlKey || event.metaKey;
  const dialog = find("dialog[open]");
  if (command && key === "s" && !dialog) return save(event);
  if (command || event.altKey || dialog || openPopover()) return;
  if (event.target.closest?.(TYPING)) return;
  if (key === "escape") return void clearSelection();
  if (!keysAreOn()) return;
  const acted = key in SINGLE ? SINGLE[key](event) !== false : pressMarked(key);
  if (acted) event.preventDefault();
});
