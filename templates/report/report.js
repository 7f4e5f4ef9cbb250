"use strict";
const all = (what, within = document) => [...within.querySelectorAll(what)];
const bar = document.getElementById("filters"), box = document.getElementById("filter"), shown = document.getElementById("shown");
const byStatus = document.getElementById("by-status"), byChapter = document.getElementById("by-chapter");
const rows = all("#all > tbody > tr"), cards = all(".finding"), said = new WeakMap();
const textOf = el => { if (!said.has(el)) said.set(el, el.textContent.toLowerCase()); return said.get(el); };
const chapterOf = id => id.split(".")[0];
let chosenRows = null, chosenCards = null;
bar.hidden = false;

function choose(ids) {
  const held = new Map(cards.map(card => [card.id.slice(2), card.dataset.requirement]));
  const findings = ids.filter(id => held.has(id));
  chosenRows = new Set(ids.map(id => held.get(id) || id));
  chosenCards = findings.length ? new Set(findings) : null;
}

function fits(el, id, status, words) {
  return (!chosenRows || chosenRows.has(id))
    && (!byStatus.value || status === byStatus.value) && (!byChapter.value || chapterOf(id) === byChapter.value)
    && words.every(word => textOf(el).includes(word));
}

function filter() {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  const narrowed = words.length > 0 || chosenRows !== null || byStatus.value !== "" || byChapter.value !== "";
  let count = 0, total = 0, clause = null;
  for (const row of rows) {
    if (!row.id) { clause = row; clause.hidden = narrowed; continue; }
    total += 1;
    row.hidden = !fits(row, row.id.slice(2), row.querySelector("[data-status]").dataset.status, words);
    if (!row.hidden) { count += 1; if (clause) clause.hidden = false; }
  }
  for (const card of cards) {
    const chosen = !chosenCards || chosenCards.has(card.id.slice(2));
    card.hidden = !chosen || !fits(card, card.dataset.requirement, card.dataset.status, words);
  }
  shown.textContent = narrowed ? shown.dataset.word + " " + count + " / " + total : "";
}

function clear() { chosenRows = chosenCards = null; box.value = byStatus.value = byChapter.value = ""; filter(); }

function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.closest("[hidden]")) clear();
  for (let el = target; el; el = el.parentElement) if (el.tagName === "DETAILS") el.open = true;
  target.scrollIntoView();
}

function step(by) {
  const open = rows.filter(row => row.id && !row.hidden);
  if (!open.length) return;
  const at = open.indexOf(document.activeElement.closest("#all > tbody > tr"));
  if (at + by < 0) { box.focus(); return; }
  const next = open[Math.min(open.length - 1, at + by)];
  next.tabIndex = -1;
  next.focus();
  next.scrollIntoView({block: "nearest"});
}

box.addEventListener("input", filter);
byStatus.addEventListener("change", filter);
byChapter.addEventListener("change", filter);
document.getElementById("clear").addEventListener("click", clear);
addEventListener("hashchange", reveal);
addEventListener("click", event => {
  const link = event.target.closest("a[data-show], a[data-ids]");
  if (!link) return;
  clear();
  if (link.dataset.ids !== undefined) choose(link.dataset.ids.split(" "));
  byStatus.value = link.dataset.show || "";
  byChapter.value = link.dataset.chapter || "";
  filter();
});
addEventListener("keydown", event => {
  const here = document.activeElement, typing = here.matches("input, select");
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "/" && !typing) { event.preventDefault(); box.focus(); box.select(); }
  else if (event.key === "Escape") { clear(); if (typing) here.blur(); }
  else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (here === box || here.matches("#all tr"))) {
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && here.matches("#all tr")) {
    const parts = all("details", here), open = parts.some(part => !part.open);
    for (const part of parts) part.open = open;
  }
});
const closed = new Set();
addEventListener("beforeprint", () => { for (const part of all("details:not([open])")) if (!part.closest(".sql")) { closed.add(part); part.open = true; } });
addEventListener("afterprint", () => { for (const part of closed) part.open = false; closed.clear(); });
reveal();
