// Finding, making and listening: the few lines that every component needs.

export const find = (selector, root = document) => root.querySelector(selector);

export const findAll = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Listen on the document for an event inside whatever matches; it keeps working when the list is replaced. */
export function on(type, selector, handle, options) {
  document.addEventListener(
    type,
    (event) => {
      const target = event.target.closest?.(selector);
      if (target) handle(event, target);
    },
    options,
  );
}

/** Make an element. Text is set as text, never as HTML. */
export function make(tag, { text, on: listeners = {}, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : value);
  }
  for (const [type, handle] of Object.entries(listeners)) {
    element.addEventListener(type, handle);
  }
  if (text !== undefined) element.textContent = text;
  element.append(...children.filter(Boolean));
  return element;
}

/** Return the data that the server printed as JSON, or null. */
export function readData(id) {
  const holder = document.getElementById(id);
  return holder ? JSON.parse(holder.textContent) : null;
}

export const isVisible = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? element.offsetParent !== null;
