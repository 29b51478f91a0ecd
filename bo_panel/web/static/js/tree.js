// Opens the branches of a tree: what is inside is taken from the page of the unit, when it is first asked for.

import { find, findAll, on } from "./dom.js";
import { announce } from "./live.js";
import { parsePage } from "./trusted.js";
import { words } from "./words.js";

const LIST = "[data-children]";

async function fetchBranch(address) {
  const response = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
  const list = response.ok && find(LIST, parsePage(await response.text()));
  if (!list) throw new Error("not a branch");
  return document.adoptNode(list);
}

function show(button, list, open) {
  button.setAttribute("aria-expanded", String(open));
  list.hidden = !open;
  if (open) announce(words("units_shown", { n: list.children.length }));
}

async function whileBusy(element, work, address) {
  if (element.getAttribute("aria-busy") === "true") return;
  element.setAttribute("aria-busy", "true");
  try {
    await work();
  } catch {
    location.assign(address);
  } finally {
    element.removeAttribute("aria-busy");
  }
}

on("click", "[data-branch]", (event, button) => {
  const item = button.closest("li");
  const list = find(`:scope > ${LIST}`, item);
  if (list) {
    show(button, list, button.getAttribute("aria-expanded") !== "true");
    return;
  }
  const address = button.dataset.branch;
  whileBusy(button, async () => {
    const fresh = await fetchBranch(address);
    item.append(fresh);
    show(button, fresh, true);
  }, address);
});

on("click", "[data-more]", (event, link) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  whileBusy(link, async () => {
    const fresh = findAll(":scope > li", await fetchBranch(link.href));
    link.closest("li").replaceWith(...fresh);
    find("a", fresh[0])?.focus();
    announce(words("units_shown", { n: fresh.length }));
  }, link.href);
});
