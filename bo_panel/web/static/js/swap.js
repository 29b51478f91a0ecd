// Updates a list without loading the page: the same addresses as without scripting; only [data-region] is replaced.

import { find, findAll, on } from "./dom.js";
import { parsePage } from "./trusted.js";
import { announce } from "./live.js";
import { words } from "./words.js";

const REGION = "[data-region]";
const afterSwap = [];
let running = null;

export const onSwap = (listener) => afterSwap.push(listener);

/** A selector that finds, in the new list, what had the focus in the old one. */
function focusKey(element) {
  if (!element?.closest?.(REGION)) return null;
  for (const name of ["sort", "page"]) {
    if (element.dataset[name]) return `[data-${name}="${element.dataset[name]}"]`;
  }
  if (element.matches("[data-live-search]")) return "[data-live-search]";
  if (element.closest(".tabs")) return ".tabs [aria-current]";
  if (element.closest(".sizes")) return ".sizes [aria-current]";
  return null;
}

function restoreFocus(key, before) {
  const target = key && find(key);
  if (!target || target.getAttribute("aria-disabled") === "true") {
    find("#main").focus({ preventScroll: true });
    return;
  }
  target.focus({ preventScroll: true });
  if (before.typed === null) return;
  target.value = before.typed;
  target.setSelectionRange(before.caret, before.caret);
}

function replace(region, page) {
  const element = document.activeElement;
  const key = focusKey(element);
  const isSearch = element?.matches("[data-live-search]");
  const before = { typed: isSearch ? element.value : null, caret: isSearch ? element.selectionStart : 0 };
  for (const popover of findAll("[popover]:popover-open")) popover.hidePopover();
  region.replaceWith(document.adoptNode(find(REGION, page)));
  document.title = page.title;
  restoreFocus(key, before);
}

export async function go(address, { push = true } = {}) {
  const region = find(REGION);
  running?.abort();
  running = new AbortController();
  region.dataset.busy = "";
  region.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(address, { signal: running.signal, headers: { "X-Requested-With": "fetch" } });
    const page = parsePage(await response.text());
    if (!response.ok || !find(REGION, page)) throw new Error("not a list");
    replace(region, page);
    if (push) history.pushState({}, "", response.url);
    for (const listener of afterSwap) listener();
    announce(words("showing", { text: find("[data-count]")?.textContent ?? "" }));
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
  }
}

export function formAddress(form) {
  const address = new URL(form.action, location);
  address.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
  return address.href;
}

on("click", "a[data-swap], [data-swap] a", (event, link) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button || !link.href) return;
  event.preventDefault();
  go(link.href);
});

on("submit", "form[data-swap]", (event, form) => {
  event.preventDefault();
  go(formAddress(form));
});

addEventListener("popstate", () => {
  if (find(REGION)) go(location.href, { push: false });
});
