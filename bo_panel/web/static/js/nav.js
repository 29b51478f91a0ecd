// Side navigation: the rail on wide screens, the drawer on narrow ones.

import { find, findAll, isVisible, on } from "./dom.js";
import { remember } from "./cookie.js";

const root = document.documentElement;
const nav = find("#sidenav");
const opener = find("[data-nav-open]");

on("click", "[data-nav-rail]", (event, button) => {
  const mode = root.dataset.nav === "rail" ? "full" : "rail";
  root.dataset.nav = mode;
  remember("bo_nav", mode);
  button.setAttribute("aria-pressed", String(mode === "rail"));
  for (const link of findAll("a.nav-link", nav)) {
    if (mode === "rail") link.title = link.textContent.trim();
    else link.removeAttribute("title");
  }
});

const isOpen = () => nav?.hasAttribute("data-open");

function setDrawer(open) {
  nav.toggleAttribute("data-open", open);
  opener.setAttribute("aria-expanded", String(open));
  (open ? find("[data-nav-close]") : opener).focus();
}

function keepFocusInside(event) {
  const stops = findAll("a, button", nav).filter(isVisible);
  const [first, last] = [stops[0], stops.at(-1)];
  const leaving = event.shiftKey ? first : last;
  if (document.activeElement !== leaving) return;
  event.preventDefault();
  (event.shiftKey ? last : first).focus();
}

on("click", "[data-nav-open]", () => setDrawer(true));
on("click", "[data-nav-close]", () => setDrawer(false));

document.addEventListener("click", (event) => {
  if (isOpen() && !nav.contains(event.target) && !opener.contains(event.target)) setDrawer(false);
});

nav?.addEventListener("keydown", (event) => {
  if (!isOpen()) return;
  if (event.key === "Escape") setDrawer(false);
  if (event.key === "Tab") keepFocusInside(event);
});
