// Puts a floating thing next to what opened it, inside the window.

const GAP = 6;
const EDGE = 8;

const within = (value, size, room) => Math.max(EDGE, Math.min(value, room - size - EDGE));

/** `anchor` is an element or a rectangle (the pointer). */
export function place(floating, anchor) {
  const box = anchor.getBoundingClientRect?.() ?? anchor;
  const rightToLeft = document.documentElement.dir === "rtl";
  const alignEnd = (floating.dataset.align === "end") !== rightToLeft;
  const { offsetWidth: width, offsetHeight: height } = floating;
  const left = alignEnd ? box.right - width : box.left;
  const above = box.top - height - GAP;
  const below = box.bottom + GAP;
  const fitsBelow = below + height <= innerHeight - EDGE;
  const top = fitsBelow || above < EDGE ? below : above;
  floating.style.left = `${within(left, width, innerWidth)}px`;
  floating.style.top = `${within(top, height, innerHeight)}px`;
}
