// Password fields: show and hide, make one, copy it.

import { find, on } from "./dom.js";
import { announce } from "./live.js";
import { icon } from "./icon.js";
import { toast } from "./toast.js";
import { words } from "./words.js";

// Letters and digits that cannot be mistaken for one another, and a few signs that are easy to say.
const ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789-+=";
const LENGTH = 20;

/** Draw evenly: numbers beyond the last whole multiple of the alphabet are thrown away. */
function randomPassword() {
  const limit = 256 - (256 % ALPHABET.length);
  let password = "";
  while (password.length < LENGTH) {
    for (const number of crypto.getRandomValues(new Uint8Array(LENGTH * 2))) {
      if (number < limit && password.length < LENGTH) password += ALPHABET[number % ALPHABET.length];
    }
  }
  return password;
}

const inputOf = (button) => find("input", button.closest(".input-group"));

on("click", "[data-show-password]", (event, button) => {
  const input = inputOf(button);
  const show = input.type === "password";
  input.type = show ? "text" : "password";
  button.setAttribute("aria-label", words(show ? "hide_password" : "show_password"));
  button.replaceChildren(icon(show ? "eye-off" : "eye"));
});

on("click", "[data-generate]", (event, button) => {
  const input = inputOf(button);
  input.value = randomPassword();
  input.dispatchEvent(new Event("input", { bubbles: true }));
  announce(words("generated"));
});

on("click", "[data-copy]", async (event, button) => {
  try {
    await navigator.clipboard.writeText(button.dataset.copy || inputOf(button).value);
    toast(words("copied"), "success");
  } catch {
    toast(words("not_copied"), "warning");
  }
});
