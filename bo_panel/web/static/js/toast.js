// Messages: those the server printed and those that scripts add. Errors stay until they are dismissed.

import { find, findAll, make, on } from "./dom.js";
import { announce } from "./live.js";
import { icon } from "./icon.js";
import { words } from "./words.js";

const STAY = 6000;
const STAY_WITH_UNDO = 12000;
const PICTURES = { success: "circle-check", warning: "triangle-alert", error: "circle-alert", info: "info" };

function leave(toast) {
  toast.dataset.leaving = "";
  setTimeout(() => toast.remove(), 200);
}

function leaveByItself(toast) {
  if (toast.dataset.kind === "error") return;
  let timer;
  const start = () => {
    timer = setTimeout(() => leave(toast), find("form", toast) ? STAY_WITH_UNDO : STAY);
  };
  const stop = () => clearTimeout(timer);
  for (const type of ["pointerenter", "focusin"]) toast.addEventListener(type, stop);
  for (const type of ["pointerleave", "focusout"]) toast.addEventListener(type, start);
  start();
}

export function toast(sentence, kind = "info") {
  const dismiss = make("button", { type: "button", class: "btn sm ghost icon-only", "data-dismiss": true, "aria-label": words("dismiss") }, icon("x"));
  const box = make("div", { class: "toast", "data-kind": kind }, icon(PICTURES[kind]), make("p", { class: "grow", text: sentence }), dismiss);
  find("#toasts").append(box);
  announce(sentence);
  leaveByItself(box);
}

on("click", "[data-dismiss]", (event, button) => leave(button.closest(".toast")));

const printed = findAll(".toast");
printed.forEach(leaveByItself);
if (printed.length) announce(printed.map((box) => find("p", box).textContent).join(" "));
