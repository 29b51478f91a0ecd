// The fields of a user that depend on one another: home decides the roles on offer, the role decides which units can be chosen.

import { find, findAll, make } from "./dom.js";
import { Combobox } from "./combobox.js";
import { lookup } from "./lookup.js";
import { Pickers } from "./pickers.js";
import { toast } from "./toast.js";
import { words } from "./words.js";

const comboboxes = findAll(".combo").map((root) => new Combobox(root));
const pickers = new Pickers(comboboxes.filter((combobox) => !combobox.single));
const roleSelect = find("select[data-depends]");

function matchPickers() {
  const option = roleSelect.selectedOptions[0];
  pickers.match(option);
  const remark = find("[data-option-hint]", roleSelect.closest(".field"));
  if (remark) remark.textContent = option?.dataset.hint ?? "";
}

function fillRoles(roles) {
  const before = roleSelect.value;
  const empty = findAll("option", roleSelect).filter((option) => option.value === "");
  const options = roles.map((role) =>
    make("option", { value: role.value, text: role.label, "data-hint": role.hint ?? "", "data-kinds": role.kinds ?? "", "data-whole": role.whole ?? "" }),
  );
  roleSelect.replaceChildren(...empty, ...options);
  const kept = options.find((option) => option.value === before);
  (kept ?? empty[0] ?? options[0])?.setAttribute("selected", "");
  roleSelect.dispatchEvent(new Event("change", { bubbles: true }));
}

function watchHome(ask) {
  return async (home) => {
    pickers.clear();
    try {
      const found = await ask({ home });
      fillRoles(found.roles);
    } catch (error) {
      if (error.name !== "AbortError") toast(words("lookup_failed"), "error");
    }
  };
}

/** The value of the home field, whether it is a select or a single-choice search. */
const valueOf = (name) => find(`[name="${name}"]`)?.value ?? "";

if (roleSelect) {
  const { depends, optionsUrl } = roleSelect.dataset;
  const homeChanged = watchHome(lookup(optionsUrl));
  roleSelect.form.addEventListener("change", matchPickers);
  document.addEventListener("change", (event) => {
    const changed = event.target.name ?? event.target.dataset.name;
    if (depends && changed === depends) homeChanged(valueOf(depends));
  });
  matchPickers();
}
