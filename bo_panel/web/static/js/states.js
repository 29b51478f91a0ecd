// A state belongs to a country: another country brings other states.

import { find, findAll, make, on } from "./dom.js";
import { lookup } from "./lookup.js";
import { toast } from "./toast.js";
import { words } from "./words.js";

const asking = new WeakMap();

function fill(select, states) {
  const blank = findAll("option", select).filter((option) => option.value === "");
  select.replaceChildren(...blank, ...states.map((state) => make("option", { value: state.value, text: state.label })));
  select.value = "";
  select.dispatchEvent(new Event("change", { bubbles: true }));
}

on("change", 'form select[name^="profile:"]', async (event, country) => {
  const select = find(`select[data-depends="${country.name}"]`, country.form);
  if (!select) return;
  if (!asking.has(select)) asking.set(select, lookup(select.dataset.optionsUrl));
  try {
    fill(select, (await asking.get(select)({ country: country.value })).states);
  } catch (error) {
    if (error.name !== "AbortError") toast(words("lookup_failed"), "error");
  }
});
