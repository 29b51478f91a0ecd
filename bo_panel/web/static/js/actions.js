// Runs an action on people: finds out whom it may touch, asks, and posts the form.

import { find, on, readData } from "./dom.js";
import { confirm } from "./confirm.js";
import { fill, words } from "./words.js";

const actions = new Map((readData("actions-data") ?? []).map((action) => [action.key, action]));

const allows = (key) => (subject) => subject.allowed.includes(key);

/** Whether the action can be started for these people: at least one of them, or exactly one where it needs that. */
export function actionAllows(key, subjects) {
  const action = actions.get(key);
  if (!action || subjects.length === 0) return false;
  if (action.needs === "one" && subjects.length > 1) return false;
  return subjects.some(allows(key));
}

/** `disable_enable` is one entry: what it does depends on the status of whom it is for. */
function resolve(key, subjects) {
  if (key !== "disable_enable") return [key];
  const disabled = subjects.filter((subject) => subject.status === "disabled").length;
  if (disabled === 0) return ["disable"];
  if (disabled === subjects.length) return ["enable"];
  return ["disable", "enable"];
}

function sentences(action, subjects) {
  const one = subjects.length === 1;
  const values = { name: subjects[0].name, n: subjects.length };
  return { title: fill(one ? action.title_one : action.title_many, values), yes: one ? action.yes_one : action.yes_many };
}

async function ask(key, subjects, leftOut) {
  const choices = resolve(key, subjects);
  const head = actions.get(choices.length > 1 ? key : choices[0]);
  const said = sentences(head, subjects);
  const answer = await confirm({
    title: said.title,
    text: head.body,
    tone: head.tone,
    picture: head.icon,
    names: subjects.length > 1 ? subjects.map((subject) => subject.name) : [],
    leftOut: leftOut ? words("left_out", { n: leftOut }) : "",
    buttons: choices.map((choice) => ({ label: sentences(actions.get(choice), subjects).yes, tone: actions.get(choice).tone })),
  });
  return { first: choices[0], second: choices[1] }[answer] ?? null;
}

function post(key, subjects) {
  const form = find("#action-form");
  const put = ({ formData }) => {
    formData.set("action", key);
    formData.set("confirmed", "1");
    formData.delete("ids");
    for (const subject of subjects) formData.append("ids", subject.id);
  };
  form.addEventListener("formdata", put, { once: true });
  form.submit();
}

export async function run(key, subjects) {
  const action = actions.get(key);
  const able = subjects.filter(allows(key));
  if (!action || able.length === 0) return;
  if (action.url && able.length === 1) {
    location.assign(able[0].url ?? fill(action.url, { id: able[0].id }));
    return;
  }
  if (action.url) {
    post(key, able);
    return;
  }
  const choice = await ask(key, able, subjects.length - able.length);
  if (choice) post(choice, able);
}

// Buttons beside the form of one person.
on("click", "[data-action]", (event, button) => {
  const holder = find("[data-subject]");
  if (!holder) return;
  event.preventDefault();
  const { id, name, status } = holder.dataset;
  run(button.dataset.action, [{ id, name, status, url: null, allowed: [button.dataset.action] }]);
});
