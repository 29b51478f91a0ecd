// Watches jobs: the page of one of them, and the tray in the top bar. Start and end are announced, not every step.

import { find, make } from "./dom.js";
import { announce } from "./live.js";
import { parsePage } from "./trusted.js";
import { words } from "./words.js";

const OFTEN = 1000;
const SELDOM = 10000;
// Looking by itself must not keep a session from ending.
const POLL = { "X-Requested-With": "poll" };

async function refreshJob() {
  const shown = find("[data-job]");
  if (!shown?.hasAttribute("data-going")) return;
  try {
    const response = await fetch(location.href, { headers: POLL });
    const fresh = response.ok && find("[data-job]", parsePage(await response.text()));
    if (fresh) {
      const focused = shown.contains(document.activeElement);
      if (!focused || !fresh.hasAttribute("data-going")) shown.replaceWith(document.adoptNode(fresh));
      else find("progress", shown).value = find("progress", fresh).value;
      if (!fresh.hasAttribute("data-going")) announce(find("[data-job-state]").textContent);
    }
  } finally {
    setTimeout(refreshJob, OFTEN);
  }
}

function item(job) {
  const bar = make("progress", { value: job.percent, max: 100, "aria-label": job.title });
  return make("a", { class: "menu-item tray-item", role: "menuitem", href: job.url }, make("span", { text: `${job.title}: ${job.state}` }), bar);
}

let before = 0;

async function refreshTray() {
  const tray = find("[data-tray]");
  if (!tray) return;
  let wait = SELDOM;
  try {
    const response = await fetch(tray.dataset.tray, { headers: { ...POLL, Accept: "application/json" } });
    if (!response.ok) return;
    const { jobs } = await response.json();
    const count = find("[data-tray-count]", tray);
    count.hidden = jobs.length === 0;
    count.textContent = jobs.length;
    find("[data-tray-jobs]").replaceChildren(...jobs.map(item));
    if (jobs.length < before) announce(words("jobs_done"));
    before = jobs.length;
    if (jobs.length) wait = OFTEN;
    setTimeout(refreshTray, wait);
  } catch {
    setTimeout(refreshTray, SELDOM);
  }
}

refreshJob();
refreshTray();
