// Buttons that open a dialog by its id.

import { on } from "./dom.js";

on("click", "[data-open-dialog]", (event, button) => {
  button.closest("[popover]")?.hidePopover();
  document.getElementById(button.dataset.openDialog).showModal();
});
