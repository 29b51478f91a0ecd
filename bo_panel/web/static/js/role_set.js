// Several roles as check boxes: which are ticked, which of them stand alone, and those on offer at another home.

import { find, findAll, make } from "./dom.js";

export class RoleSet {
  constructor(root) {
    this.root = root;
    this.hint = find("[data-alone-hint]", root.closest(".field"));
    root.addEventListener("change", () => this.mirror());
    this.mirror();
  }

  get boxes() {
    return findAll("input", this.root);
  }

  get chosen() {
    return this.boxes.filter((box) => box.checked);
  }

  /** Nothing is ticked beside what stands alone; what is ticked already can be taken out again. */
  mirror() {
    const ticked = this.chosen;
    const alone = ticked.some((box) => box.dataset.alone !== undefined);
    let closed = false;
    for (const box of this.boxes.filter((each) => each.dataset.locked === undefined)) {
      box.disabled = !box.checked && (alone || (ticked.length > 0 && box.dataset.alone !== undefined));
      closed ||= box.disabled;
    }
    this.hint.hidden = !closed;
  }

  fill(roles) {
    const before = this.chosen.map((box) => box.value);
    const labels = roles.map((role) => {
      const data = { "data-kinds": role.kinds ?? "", "data-whole": role.whole ?? "", ...(role.alone ? { "data-alone": "" } : {}) };
      const box = make("input", { type: "checkbox", name: this.root.dataset.name, value: role.value, ...data });
      box.checked = before.includes(role.value);
      const text = make("span", {}, make("bdi", { text: role.label }), ...(role.hint ? [" ", make("span", { class: "field-optional", text: role.hint })] : []));
      return make("label", { class: "check" }, box, " ", text);
    });
    this.root.replaceChildren(...labels);
    this.mirror();
    this.root.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
