// A policy: a preset fills the ladders in, and the headline says whether it was changed since.

import { find, findAll } from "./dom.js";

const form = find("form[data-presets]");
const state = find("[data-policy-state]");

const ladders = () => findAll("[data-ladder]");
const ticked = (row) => findAll("input:checked", row).at(-1)?.value ?? "";

function levels(option) {
  return option?.dataset.levels ? JSON.parse(option.dataset.levels) : null;
}

function fill(wanted) {
  for (const row of ladders()) {
    const boxes = findAll('input[type="checkbox"]', row);
    const top = boxes.findIndex((box) => box.value === wanted[row.dataset.ladder]);
    boxes.forEach((box, height) => {
      if (!box.disabled) box.checked = height <= top;
    });
  }
}

function tell() {
  const chosen = form.elements.preset.selectedOptions[0];
  const wanted = levels(chosen);
  const same = wanted && ladders().every((row) => ticked(row) === (wanted[row.dataset.ladder] ?? ""));
  const name = chosen?.text ?? "";
  state.value = !wanted ? state.dataset.byHand : same ? name : state.dataset.changed.replace("{name}", name);
}

function start() {
  const chosen = form.elements.preset.selectedOptions[0];
  const wanted = levels(chosen);
  const policy = state.closest("form");
  policy.elements.preset.value = chosen?.value ?? "";
  if (wanted) fill(wanted);
  tell();
  policy.dispatchEvent(new Event("change", { bubbles: true }));
}

if (form && state) {
  form.addEventListener("change", start);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    start();
  });
  state.closest("form").addEventListener("change", tell);
}
