// The fields of a user that depend on one another: home decides the roles on offer, the role decides which units can be chosen.

import { find, findAll, make } from "./dom.js";
import { Combobox } from "./combobox.js";
import { lookup } from "./lookup.js";
import { Pickers } from "./pickers.js";
import { RoleSet } from "./role_set.js";
import { toast } from "./toast.js";
import { matchToggles } from "./toggles.js";
import { words } from "./words.js";

const comboboxes = findAll(".combo").map((root) => new Combobox(root));
const pickers = new Pickers(comboboxes.filter((combobox) => !combobox.single));
const roleSelect = find('select[name="role"][data-depends]');
const rolesRoot = find("[data-roles]");
const roleSet = rolesRoot && new RoleSet(rolesRoot);

function matchPickers() {
  if (roleSet) {
    pickers.match(...roleSet.chosen);
    return;
  }
  const option = roleSelect.selectedOptions[0];
  pickers.match(...roleSelect.selectedOptions);
  const remark = find("[data-option-hint]", roleSelect.closest(".field"));
  if (remark) remark.textContent = option?.dataset.hint ?? "";
}

function fillRoles(roles) {
  const before = roleSelect.value;
  const empty = findAll("option", roleSelect).filter((option) => option.value === "");
  const options = roles.map((role) =>
    make("option", { value: role.value, text: role.label, "data-hint": role.hint ?? "", "data-kinds": role.kinds ?? "", "data-whole": role.whole ?? "", "data-toggles": role.toggles ?? "" }),
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
      if (roleSet) roleSet.fill(found.roles);
      else fillRoles(found.roles);
    } catch (error) {
      if (error.name !== "AbortError") toast(words("lookup_failed"), "error");
    }
  };
}

/** The value of the home field, whether it is a select or a single-choice search. */
const valueOf = (name) => find(`[name="${name}"]`)?.value ?? "";

const root = rolesRoot ?? roleSelect;
if (root) {
  const { depends, optionsUrl } = root.dataset;
  const homeChanged = watchHome(lookup(optionsUrl));
  root.closest("form").addEventListener("change", matchPickers);
  if (roleSelect) {
    const isNew = !find("[name=version]", roleSelect.form);
    roleSelect.addEventListener("change", () => matchToggles(roleSelect.selectedOptions[0], isNew));
    matchToggles(roleSelect.selectedOptions[0], false);
  }
  document.addEventListener("change", (event) => {
    const changed = event.target.name ?? event.target.dataset.name;
    if (depends && changed === depends) homeChanged(valueOf(depends));
  });
  matchPickers();
}
