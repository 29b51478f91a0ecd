// The fields of places: the role says which kinds can be chosen, and a field may depend on the one place chosen in another.

import { find } from "./dom.js";

const listed = (text) => (text ?? "").split(" ").filter(Boolean);

class Picker {
  constructor(combobox) {
    this.places = combobox;
    this.data = combobox.root.dataset;
    this.field = combobox.root.closest(".field");
    this.all = find("[data-all]", this.field);
  }

  get isAll() {
    return Boolean(this.all?.checked && !this.all.disabled);
  }

  governs(chosen) {
    const roles = listed(this.data.insideRoles);
    return roles.length === 0 || roles.some((role) => chosen.includes(role));
  }

  /** Choosing another place to choose inside empties the field; coming back to the same one does not. */
  enter(place) {
    const known = this.data.chosenInside;
    this.data.chosenInside = place;
    if (known === undefined || known === place) return;
    if (this.all) this.all.checked = false;
    this.places.clear();
  }

  show({ open, wholeOffered, wholeOpen, reason }) {
    if (this.all) {
      this.all.closest("label").hidden = !wholeOffered;
      this.all.disabled = !wholeOpen;
    }
    this.places.setEnabled(open && !this.isAll);
    const hints = { usual: "[data-hint]", role: "[data-disabled-hint]", inside: "[data-inside-hint]" };
    for (const [name, selector] of Object.entries(hints)) {
      const hint = find(selector, this.field);
      if (hint) hint.hidden = name !== reason || this.isAll;
    }
  }
}

export class Pickers {
  constructor(comboboxes) {
    const all = comboboxes.map((combobox) => new Picker(combobox));
    this.byKind = new Map(all.map((picker) => [picker.data.unitKind, picker]));
    this.inOrder = [...all.filter((picker) => !picker.data.inside), ...all.filter((picker) => picker.data.inside)];
  }

  clear() {
    for (const picker of this.inOrder) {
      if (picker.all) picker.all.checked = false;
      picker.places.clear();
    }
  }

  /** Open and close the fields for the roles that are chosen (options, or ticked boxes). */
  match(...options) {
    const kinds = options.flatMap((option) => listed(option.dataset.kinds));
    const whole = options.flatMap((option) => listed(option.dataset.whole));
    const roles = options.map((option) => option.value);
    for (const picker of this.inOrder) {
      const { unitKind, inside, locked } = picker.data;
      const fits = locked === undefined && kinds.includes(unitKind);
      const other = fits && kinds.includes(inside) && picker.governs(roles) ? this.byKind.get(inside) : null;
      const many = Boolean(other) && (other.isAll || other.places.chosen.length > 1);
      const one = other && !many ? (other.places.chosen[0] ?? "") : "";
      if (other && !many) picker.enter(one);
      const open = fits && !many;
      const wholeOffered = fits && whole.includes(unitKind);
      const wholeOpen = wholeOffered && open && (!other || one !== "");
      picker.show({ open, wholeOffered, wholeOpen, reason: !fits ? "role" : many ? "inside" : "usual" });
    }
  }
}
