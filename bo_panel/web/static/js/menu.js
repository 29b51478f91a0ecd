// Keys inside a menu: arrows, Home, End, first letters; Tab leaves it.

import { findAll, isVisible, on } from "./dom.js";

const entriesOf = (menu) => findAll('[role^="menuitem"]', menu).filter(isVisible);

function target(event, entries, at) {
  const count = entries.length;
  const steps = { ArrowDown: at + 1, ArrowUp: at < 0 ? count - 1 : at - 1, Home: 0, End: count - 1 };
  if (event.key in steps) return entries[(steps[event.key] + count) % count];
  if (event.key.length !== 1 || event.key === " " || event.ctrlKey || event.metaKey || event.altKey) return null;
  const letter = event.key.toLowerCase();
  const rest = [...entries.slice(at + 1), ...entries];
  return rest.find((entry) => entry.textContent.trim().toLowerCase().startsWith(letter));
}

on("keydown", "[data-menu]", (event, menu) => {
  if (event.key === "Tab") {
    menu.hidePopover();
    return;
  }
  const entries = entriesOf(menu);
  const next = target(event, entries, entries.indexOf(document.activeElement));
  if (!next) return;
  event.preventDefault();
  event.stopPropagation();
  next.focus();
});

// A file that is sent for leaves the page as it is, and so the menu would stay open.
on("submit", "form", (event) => event.submitter?.closest("[data-menu]")?.hidePopover());
