// The list of matches under a combobox: drawing, the active entry, opening and closing.

import { find, findAll, make } from "./dom.js";
import { icon } from "./icon.js";
import { place } from "./place.js";

export class Listbox {
  constructor(element, input, anchor, choose) {
    this.element = element;
    this.input = input;
    this.anchor = anchor;
    this.choose = choose;
    this.entries = [];
  }

  get isOpen() {
    return this.element.matches(":popover-open");
  }

  get active() {
    return this.entries[this.at] ?? null;
  }

  /** Show the entries ({id, label, hint, chosen}), or the note alone. */
  show(entries, note = "") {
    this.entries = entries;
    const options = entries.map((entry, at) => this.option(entry, at));
    const remark = note && make("div", { class: "listbox-note", role: "presentation", text: note });
    this.element.replaceChildren(...options, ...(remark ? [remark] : []));
    if (!this.isOpen) this.element.showPopover();
    this.element.style.width = `${this.anchor.offsetWidth}px`;
    place(this.element, this.anchor);
    this.input.setAttribute("aria-expanded", "true");
    this.activate(0);
  }

  option(entry, at) {
    const name = make("span", { class: "grow listbox-name" }, make("bdi", { text: entry.label }));
    const hint = entry.hint ? make("small", {}, make("bdi", { text: entry.hint })) : null;
    const tick = entry.chosen ? icon("check") : null;
    const attributes = { role: "option", id: `${this.element.id}-${at}`, "aria-selected": String(entry.chosen) };
    const listeners = {
      pointerdown: (event) => {
        event.preventDefault();
        this.choose(entry);
      },
      pointermove: () => this.activate(at),
    };
    return make("div", { ...attributes, on: listeners }, name, hint, tick);
  }

  activate(at) {
    const options = findAll('[role="option"]', this.element);
    find("[data-active]", this.element)?.removeAttribute("data-active");
    if (options.length === 0) {
      this.at = -1;
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    this.at = (at + options.length) % options.length;
    const option = options[this.at];
    option.dataset.active = "";
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  hide() {
    if (this.isOpen) this.element.hidePopover();
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.at = -1;
  }
}
