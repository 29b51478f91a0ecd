// Popovers: the browser opens and closes them; this places them, tells their buttons, and moves the focus in.

import { find, findAll, on } from "./dom.js";
import { place } from "./place.js";

let anchor = null;

const FIRST_IN_MENU = ['[role^="menuitem"][aria-checked="true"]', '[role^="menuitem"]:not([aria-disabled="true"])', '[role^="menuitem"]'];
const FIRST_IN_FORM = ["input:checked:not(:disabled)", "input:not([type=hidden]):not(:disabled)", "button"];

export function openAt(popover, where) {
  anchor = where;
  popover.showPopover();
}

export const openPopover = () => find("[popover]:popover-open:not(.listbox)");

function focusFirst(popover) {
  const wishes = popover.matches("[data-menu]") ? FIRST_IN_MENU : FIRST_IN_FORM;
  const first = wishes.map((wish) => find(wish, popover)).find(Boolean);
  first?.focus({ preventScroll: true });
}

on("click", "[popovertarget]", (event, button) => {
  anchor = button;
}, true);

// An entry of a menu that opens another popover: the menu makes room, and the other opens where the menu was.
on("click", "[data-from]", (event, entry) => {
  event.preventDefault();
  const menu = document.getElementById(entry.dataset.from);
  const button = find(`[popovertarget="${menu.id}"]`);
  menu.hidePopover();
  openAt(document.getElementById(entry.getAttribute("popovertarget")), button);
});

document.addEventListener(
  "toggle",
  (event) => {
    const popover = event.target;
    if (!popover.matches?.("[popover]:not(.listbox)")) return;
    const open = event.newState === "open";
    const buttons = findAll(`[popovertarget="${popover.id}"]`);
    for (const button of buttons) {
      if (button.hasAttribute("aria-expanded")) button.setAttribute("aria-expanded", String(open));
    }
    if (!open) return;
    place(popover, anchor ?? buttons[0] ?? document.body);
    focusFirst(popover);
  },
  true,
);

function follow() {
  const popover = openPopover();
  if (popover && anchor?.isConnected) place(popover, anchor);
}

addEventListener("scroll", follow, { passive: true, capture: true });
addEventListener("resize", follow, { passive: true });
