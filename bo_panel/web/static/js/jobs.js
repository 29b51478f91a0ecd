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
      if (!fresh.hasAttribute("data-going")) {
        const title = find("h1").textContent;
        announce(words("job_ended", { title, state: find("[data-job-state]").textContent }));
      }
    }
  } finally {
    setTimeout(refreshJob, OFTEN);
  }
}

function item(job) {
  const bar = make("progress", { value: job.percent, max: 100, "aria-label": job.title, "data-state": job.state });
  const line = make("span", { class: "muted number", text: job.line });
  return make("a", { class: "menu-item tray-item", role: "menuitem", href: job.url }, make("span", { text: job.title }), line, bar);
}

// What goes on is remembered from page to page, so that a start and an end are told once each.
const KEPT = "bo_jobs";

function announceChanges(jobs) {
  const before = new Set(JSON.parse(sessionStorage.getItem(KEPT) ?? "[]"));
  const going = jobs.filter((job) => job.going);
  const ended = jobs.filter((job) => !job.going && before.has(job.id)).map((job) => words("job_ended", { title: job.title, state: job.line }));
  const begun = going.filter((job) => !before.has(job.id)).map((job) => words("job_begun", { title: job.title }));
  if (begun.length + ended.length) announce([...begun, ...ended].join(" "));
  sessionStorage.setItem(KEPT, JSON.stringify(going.map((job) => job.id)));
  return going.length;
}

function drawTray(tray, jobs, going) {
  const count = find("[data-tray-count]", tray);
  count.hidden = going === 0;
  count.textContent = going;
  const list = find("[data-tray-jobs]");
  const held = list.contains(document.activeElement) ? document.activeElement.href : null;
  list.replaceChildren(...jobs.map(item));
  if (held) [...list.children].find((entry) => entry.href === held)?.focus();
  find("[data-tray-empty]").hidden = jobs.length > 0;
}

async function refreshTray() {
  const tray = find("[data-tray]");
  if (!tray) return;
  try {
    const response = await fetch(tray.dataset.tray, { headers: { ...POLL, Accept: "application/json" } });
    if (!response.ok) return;
    const { jobs } = await response.json();
    const going = announceChanges(jobs);
    drawTray(tray, jobs, going);
    setTimeout(refreshTray, going ? OFTEN : SELDOM);
  } catch {
    setTimeout(refreshTray, SELDOM);
  }
}

refreshJob();
refreshTray();
