// Which rows are selected, and what says so: the box in the head, the bar, the Actions menu.

import { find, findAll, on } from "./dom.js";
import { words } from "./words.js";
import { onSwap } from "./swap.js";

let anchor = null;

export const rows = () => findAll("tr[data-id]");
export const boxOf = (row) => find(".pick", row);
export const selected = () => rows().filter((row) => boxOf(row)?.checked);

/** A row as the actions see it. */
export const subject = (row) => ({
  id: row.dataset.id,
  name: row.dataset.name,
  status: row.dataset.status,
  url: row.dataset.href ?? null,
  allowed: (row.dataset.allowed ?? "").split(" "),
});

const listeners = [];
export const onSelection = (listener) => listeners.push(listener);

export function refresh() {
  const chosen = selected();
  const all = rows().filter(boxOf);
  const head = find("[data-pick-all]");
  if (head) {
    head.checked = chosen.length > 0 && chosen.length === all.length;
    head.indeterminate = chosen.length > 0 && chosen.length < all.length;
    head.disabled = all.length === 0;
  }
  const label = chosen.length ? words("selected", { n: chosen.length }) : words("nothing_selected");
  for (const place of findAll("[data-bulk-label]")) place.textContent = label;
  for (const listener of listeners) listener(chosen.map(subject));
}

function setAll(checked) {
  for (const row of rows()) {
    const box = boxOf(row);
    if (box) box.checked = checked;
  }
  refresh();
}

/** Set a row; with `range`, all rows from the one set last. */
export function pick(row, checked, range) {
  const all = rows();
  const at = all.indexOf(row);
  const from = range && anchor !== null ? Math.min(anchor, at) : at;
  const to = range && anchor !== null ? Math.max(anchor, at) : at;
  for (const each of all.slice(from, to + 1)) {
    const box = boxOf(each);
    if (box) box.checked = checked;
  }
  anchor = at;
  refresh();
}

export function clearSelection() {
  const any = selected().length > 0;
  if (any) setAll(false);
  return any;
}

on("change", "[data-pick-all]", (event, head) => setAll(head.checked));

on("click", ".pick", (event, box) => pick(box.closest("tr"), box.checked, event.shiftKey));

on("click", "[data-clear-selection]", () => {
  clearSelection();
  find("[data-pick-all]")?.focus();
});

onSwap(() => {
  anchor = null;
  refresh();
});
