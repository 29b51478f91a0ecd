// The form of somebody new: another home brings other fields of the profile. Those that stay keep what was typed into them.

import { find, findAll } from "./dom.js";
import { announce } from "./live.js";
import { toast } from "./toast.js";
import { parsePage } from "./trusted.js";
import { words } from "./words.js";

const PROFILE = '[aria-labelledby="section-profile"]';
const ACCESS = '[aria-labelledby="section-access"]';
const form = find("form[data-fields-url]");
let running = null;

const nameOf = (field) => find("[name]", field)?.name;
const namesIn = (section) => (section ? findAll(".field", section).map(nameOf) : []);

function put(fresh) {
  const old = find(PROFILE, form);
  if (namesIn(old).join() === namesIn(fresh).join()) return;
  for (const field of fresh ? findAll(".field", fresh) : []) {
    const kept = old && findAll(".field", old).find((each) => nameOf(each) === nameOf(field));
    if (kept) field.replaceWith(kept);
  }
  old?.remove();
  if (fresh) find(ACCESS, form).before(document.adoptNode(fresh));
  announce(words("fields_changed"));
}

async function show(home) {
  running?.abort();
  running = new AbortController();
  const address = new URL(form.dataset.fieldsUrl, location);
  address.searchParams.set("home", home);
  try {
    const response = await fetch(address, { signal: running.signal, headers: { "X-Requested-With": "fetch" } });
    if (!response.ok) throw new Error(`the form answered ${response.status}`);
    put(find(PROFILE, parsePage(await response.text())));
  } catch (error) {
    if (error.name !== "AbortError") toast(words("lookup_failed"), "error");
  }
}

form?.addEventListener("change", (event) => {
  if ((event.target.name ?? event.target.dataset.name) === "home") show(find('[name="home"]', form)?.value ?? "");
});
