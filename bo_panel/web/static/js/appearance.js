// Theme and density: set at once on <html>, remembered in a cookie that the server reads on the next page.

import { findAll, on } from "./dom.js";
import { remember } from "./cookie.js";

on("click", "[data-set]", (event, button) => {
  const { set, value } = button.dataset;
  document.documentElement.dataset[set] = value;
  remember(`bo_${set}`, value);
  for (const choice of findAll(`[data-set="${set}"]`)) {
    choice.setAttribute("aria-checked", String(choice === button));
  }
});
