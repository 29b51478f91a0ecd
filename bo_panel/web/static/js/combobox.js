// Search and choose units: chosen ones are tokens with a hidden input each. `data-single` keeps one only.

import { find, findAll, make } from "./dom.js";
import { announce } from "./live.js";
import { icon } from "./icon.js";
import { Listbox } from "./listbox.js";
import { lookup } from "./lookup.js";
import { words } from "./words.js";

const REST = 180;

export class Combobox {
  constructor(root) {
    this.root = root;
    this.name = root.dataset.name;
    this.single = "single" in root.dataset;
    this.input = find(".combo-input", root);
    this.tokens = find(".tokens", root);
    this.search = lookup(root.dataset.lookupUrl);
    this.list = new Listbox(find(".listbox", root), this.input, find(".combo-box", root), (entry) => this.toggle(entry));
    this.listen();
  }

  get chosen() {
    return findAll("input[type=hidden]", this.tokens).map((input) => input.value);
  }

  listen() {
    const { input } = this;
    input.addEventListener("input", (event) => {
      event.stopPropagation();
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), REST);
    });
    input.addEventListener("click", () => this.list.isOpen || this.ask());
    input.addEventListener("blur", () => this.close());
    input.addEventListener("keydown", (event) => this.key(event));
    find(".combo-box", this.root).addEventListener("click", (event) => {
      if (!event.target.closest("button")) input.focus();
    });
    this.tokens.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) this.remove(button.closest(".token"));
    });
  }

  key(event) {
    const { list, input } = this;
    const acts = {
      ArrowDown: () => (list.isOpen ? list.activate(list.at + 1) : this.ask()),
      ArrowUp: () => list.isOpen && list.activate(list.at - 1),
      Enter: () => list.isOpen && list.active && this.toggle(list.active),
      Escape: () => list.isOpen && this.close(),
    };
    if (event.key === "Backspace" && !input.value) this.removeLast();
    if (!(event.key in acts)) return;
    if (event.key !== "Escape" || list.isOpen) {
      event.preventDefault();
      event.stopPropagation();
    }
    acts[event.key]();
  }

  async ask() {
    const home = document.querySelector('[name="home"]')?.value ?? "";
    try {
      const found = await this.search({ kind: this.root.dataset.unitKind, home, inside: this.root.dataset.chosenInside ?? "", q: this.input.value.trim() });
      if (document.activeElement !== this.input) return;
      const chosen = new Set(this.chosen);
      const entries = found.results.map((entry) => ({ ...entry, id: String(entry.id), chosen: chosen.has(String(entry.id)) }));
      const note = entries.length === 0 ? words("no_match") : found.more ? words("more_matches") : "";
      this.list.show(entries, note);
      if (note) announce(note);
    } catch (error) {
      if (error.name !== "AbortError") this.list.show([], words("lookup_failed"));
    }
  }

  toggle(entry) {
    const token = findAll(".token", this.tokens).find((each) => find("input", each).value === entry.id);
    this.input.value = "";
    if (token && !this.single) {
      this.remove(token);
    } else {
      if (this.single) this.tokens.replaceChildren();
      this.tokens.append(this.token(entry));
      announce(words("added", { name: entry.label }));
      this.changed();
    }
    if (this.single) this.close();
    else this.ask();
  }

  token({ id, label }) {
    const button = make("button", { type: "button", "aria-label": words("remove", { name: label }) }, icon("x", "sm"));
    const value = make("input", { type: "hidden", name: this.name, value: id });
    return make("li", { class: "token" }, make("bdi", { text: label }), value, button);
  }

  remove(token) {
    const label = find("bdi", token).textContent;
    token.remove();
    this.input.focus();
    announce(words("removed", { name: label }));
    this.changed();
  }

  removeLast() {
    const last = this.tokens.lastElementChild;
    if (last && !this.input.disabled) this.remove(last);
  }

  clear() {
    if (this.chosen.length === 0) return;
    this.tokens.replaceChildren();
    this.changed();
  }

  /** A picker that is off keeps what was chosen in sight but submits nothing. */
  setEnabled(enabled) {
    this.root.toggleAttribute("data-disabled", !enabled);
    for (const control of findAll("input, button", this.root)) control.disabled = !enabled;
    if (!enabled) this.close();
  }

  close() {
    clearTimeout(this.timer);
    this.list.hide();
  }

  changed() {
    this.root.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
