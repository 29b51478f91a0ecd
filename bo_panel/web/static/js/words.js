// Sentences translated by the server, with {placeholders} to fill in.

import { readData } from "./dom.js";

const sentences = readData("words") ?? {};

export const fill = (sentence, values = {}) => (sentence ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

export const words = (key, values) => fill(sentences[key], values);
