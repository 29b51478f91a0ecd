// The summary of errors takes the focus when the page opens; its links go to the control itself.

import { find, on } from "./dom.js";

find("[data-summary]")?.focus();

on("click", "[data-summary] a", (event, link) => {
  const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!target) return;
  event.preventDefault();
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "center" });
});
