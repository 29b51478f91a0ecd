// One dialog for every confirmation. All words are set as text. Cancel has the focus, so Enter cancels.

import { find, make } from "./dom.js";
import { icon } from "./icon.js";
import { words } from "./words.js";

const SHOWN = 5;

function nameTags(names) {
  const tags = names.slice(0, SHOWN).map((name) => make("li", { class: "tag", title: name }, make("bdi", { text: name })));
  if (names.length > SHOWN) tags.push(make("li", { class: "tag", text: words("and_more", { n: names.length - SHOWN }) }));
  return tags;
}

function setButton(button, { label, tone } = {}) {
  button.hidden = !label;
  button.textContent = label ?? "";
  button.classList.toggle("danger-fill", tone === "danger");
  button.classList.toggle("primary", tone !== "danger");
}

function setOptional(element, sentence) {
  element.hidden = !sentence;
  element.textContent = sentence;
}

/** Resolves to "first", "second" or "cancel". */
export function confirm({ title, text, tone, picture, names, leftOut, buttons }) {
  const dialog = find("#confirm");
  dialog.dataset.tone = tone;
  find("[data-confirm-icon]", dialog).replaceChildren(icon(picture));
  find("h2", dialog).textContent = title;
  setOptional(find("#confirm-text"), text);
  setOptional(find("[data-confirm-left-out]", dialog), leftOut);
  find("[data-confirm-names]", dialog).replaceChildren(...nameTags(names));
  setButton(find("[data-confirm-first]", dialog), buttons[0]);
  setButton(find("[data-confirm-second]", dialog), buttons[1]);
  dialog.returnValue = "";
  dialog.showModal();
  find('[value="cancel"]', dialog).focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue || "cancel"), { once: true });
  });
}
