// A cursor over the rows for the keyboard, and clicks on the empty parts of a row.

import { find, on } from "./dom.js";
import { boxOf, pick, rows } from "./selection.js";

const CURRENT = "tr[data-current]";

const current = () => find(CURRENT) ?? document.activeElement?.closest("tr[data-id]");

export function moveCursor(step) {
  const all = rows();
  if (all.length === 0) return;
  const at = all.indexOf(current());
  const next = all[Math.max(0, Math.min(all.length - 1, at + step))];
  find(CURRENT)?.removeAttribute("data-current");
  next.dataset.current = "";
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

export function toggleAtCursor(range) {
  const row = current();
  const box = row && boxOf(row);
  if (box) pick(row, !box.checked, range);
}

export function openAtCursor(event) {
  if (!event.target.matches?.("tr[data-href]")) return false;
  location.assign(event.target.dataset.href);
  return true;
}

const CELL = "tr[data-id] > :is(td, th)";

/** Return the row of a cell that was clicked beside whatever else can be clicked in it. */
function rowAround(event, cell) {
  const onControl = event.target.closest("a, button, input, label") || cell.matches(".cell-check, .cell-act");
  return onControl ? null : cell.closest("tr");
}

function open(row) {
  if (row?.dataset.href) location.assign(row.dataset.href);
}

on("click", CELL, (event, cell) => {
  const row = rowAround(event, cell);
  if (!row || !getSelection().isCollapsed) return;
  if (!row.closest("[data-click=select]")) return open(row);
  const box = boxOf(row);
  if (box) pick(row, !box.checked);
});

on("dblclick", CELL, (event, cell) => open(rowAround(event, cell)));
