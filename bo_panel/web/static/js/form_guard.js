// Warns before unsaved changes are left behind, and keeps a form from being sent twice.

import { find, findAll } from "./dom.js";

const text = (value) => (typeof value === "string" ? value : value.name);
const snapshot = (form) => new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, text(value)])).toString();

function guard(form) {
  const before = snapshot(form);
  const refused = form.hasAttribute("data-unsaved");
  let sent = false;
  const check = () => form.toggleAttribute("data-dirty", refused || snapshot(form) !== before);
  form.addEventListener("input", check);
  form.addEventListener("change", check);
  check();

  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    // The address after a redirect would otherwise inherit the part after #.
    if (location.hash) history.replaceState(null, "", location.pathname + location.search);
    find("[data-save]", form)?.setAttribute("aria-busy", "true");
  });

  addEventListener("beforeunload", (event) => {
    if (!sent && form.hasAttribute("data-dirty")) event.preventDefault();
  });

  addEventListener("pageshow", (event) => {
    if (event.persisted) sent = false;
  });
}

findAll("form[data-guard]").forEach(guard);
