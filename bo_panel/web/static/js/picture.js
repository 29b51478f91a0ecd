// A file that is too large is told of before it is sent, and taken out of the form.

import { on } from "./dom.js";
import { toast } from "./toast.js";
import { words } from "./words.js";

on("change", "input[type=file][data-largest]", (event, input) => {
  const largest = Number(input.dataset.largest);
  if (![...input.files].some((file) => file.size > largest)) return;
  input.value = "";
  input.dispatchEvent(new Event("change", { bubbles: true }));
  toast(words("too_large", { n: Math.floor(largest / 1_000_000) }), "warning");
});
