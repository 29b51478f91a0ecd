// Searches while one types, once the fingers rest.

import { on } from "./dom.js";
import { formAddress, go } from "./swap.js";

const REST = 250;
let timer;

on("input", "[data-live-search]", (event, input) => {
  clearTimeout(timer);
  if (event.isComposing) return;
  timer = setTimeout(() => go(formAddress(input.form)), REST);
});

on("submit", "form.search", () => clearTimeout(timer), true);
