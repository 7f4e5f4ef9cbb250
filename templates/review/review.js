"use strict";
const facts = JSON.parse(document.getElementById("facts").textContent);
const words = JSON.parse(document.getElementById("words").textContent);
const form = document.getElementById("choice");
const at = (id) => document.getElementById(id);
const PATIENCE = 600;
let dirty = false;
let timer = 0;
let underway = Promise.resolve();
let leaving = false;
let busy = false;

function say(text) { at("status").textContent = text; }
function sayNext(text) { try { sessionStorage.setItem("said", text); } catch { /* no storage: said by nothing */ } }

// What stands in the fields.
function typed() {
  const chosen = form.querySelector("input[name=status]:checked");
  const lines = [...document.querySelectorAll("input.evidence")].map((i) => i.value).filter((v) => v.trim());
  return {
    status: chosen ? chosen.value : null, evidence: lines, note: at("note").value,
    reason: at("reason").value, approved_by: at("approved_by").value, effort: at("effort").value,
  };
}
const loaded = JSON.stringify(typed());

async function post(where, more) {
  return fetch(where, {
    method: "POST", headers: { "Content-Type": "application/json" }, ...more,
    body: JSON.stringify({ id: facts.id, seen: facts.seen, typed: typed(), ...(more && more.body) }),
  });
}

// Until the server has it, what is typed stays with this window: a page that is left at once loses nothing.
const unsent = {
  name: "typed " + facts.id,
  keep() { try { sessionStorage.setItem(this.name, JSON.stringify(typed())); } catch { /* no storage: the draft alone keeps it */ } },
  drop() { try { sessionStorage.removeItem(this.name); } catch { /* nothing was kept */ } },
  take() { try { return JSON.parse(sessionStorage.getItem(this.name)); } catch { return null; } },
};
function fill(values) {
  const radio = form.querySelector(`input[name=status][value="${values.status}"]`);
  if (radio) { radio.checked = true; }
  at("evidence").replaceChildren();
  values.evidence.forEach(addLine);
  for (const name of ["note", "reason", "approved_by", "effort"]) { at(name).value = values[name]; }
}

// Drafts go one after the other, so that an old one never comes after a new one or a judgement.
function keepDraft(more) {
  clearTimeout(timer);
  if (!dirty) { return underway; }
  dirty = false;
  underway = underway.then(() => post("/draft", more)).then(async (answer) => {
    if (answer.ok) { if (!dirty) { unsent.drop(); say(words.draft); } } else { dirty = true; say((await answer.json()).problem); }
  }).catch(() => { dirty = true; say(words.gone); });
  return underway;
}
function changed() {
  dirty = true;
  unsent.keep();
  say(words.typing);
  clearTimeout(timer);
  timer = setTimeout(keepDraft, PATIENCE);
}

// A reason is asked for where the choice differs from the tool's, and where nothing applies.
function showForced() {
  const status = typed().status;
  const none = status === "not_applicable";
  const differs = facts.proposed !== null && status !== null && status !== facts.proposed;
  at("reason-field").hidden = !(none || differs || at("reason").value);
  at("why-differs").hidden = !differs;
  at("why-not-applicable").hidden = !none;
  at("approver-field").hidden = !none;
  at("reason").required = none || differs;
}

function showLacks(lacks) {
  document.querySelectorAll(".lack[id]").forEach((p) => { p.hidden = true; p.textContent = ""; });
  const told = new Map();
  for (const lack of lacks) {
    const place = at("lack-" + lack.field) || at("lack-form");
    told.set(place, [...(told.get(place) || []), lack.says]);
  }
  told.forEach((says, place) => { place.textContent = says.join("；"); place.hidden = false; });
  for (const [field, input] of [["status", form.querySelector("input[name=status]")], ["reason", at("reason")],
    ["approved_by", at("approved_by")], ["evidence", document.querySelector("input.evidence")], ["effort", at("effort")]]) {
    if (lacks.some((l) => l.field === field)) {
      if (field === "reason") { at("reason-field").hidden = false; }
      (input || addLine("")).focus();
      return;
    }
  }
}

function go(address) { leaving = true; location.assign(address); }
function reload() { leaving = true; location.reload(); }

async function change(where, said) {
  if (busy) { return; }
  busy = true;
  clearTimeout(timer);
  try {
    await underway;
    const answer = await post(where);
    if (answer.ok) {
      dirty = false;
      if (where !== "/undo") { unsent.drop(); }
      sayNext(said + " " + facts.id + (facts.next || where === "/undo" ? "" : " · " + words.all));
      if (where === "/undo" || !facts.next) { reload(); } else { go("/r/" + facts.next + "?show=" + facts.show); }
      return;
    }
    const told = await answer.json();
    if (answer.status === 409) {
      dirty = JSON.stringify(typed()) !== loaded || dirty;
      await keepDraft();
      sayNext(told.problem);
      reload();
      return;
    }
    showLacks(told.lacks || [{ field: "form", says: told.problem }]);
    say(words.lacks);
    await keepDraft();
    say(words.lacks);
  } catch {
    say(words.gone);
  } finally {
    busy = false;
  }
}
const save = () => change("/save", words.saved);
const accept = () => { if (at("accept")) { change("/accept", words.accepted); } };
const undo = () => { if (at("undo")) { change("/undo", words.undone); } };

async function discard() {
  clearTimeout(timer);
  dirty = false;
  await underway;
  unsent.drop();
  try { await post("/draft", { body: { typed: {} } }); reload(); } catch { say(words.gone); }
}

function addLine(value) {
  const made = at("line").content.firstElementChild.cloneNode(true);
  at("evidence").append(made);
  const input = made.querySelector("input");
  input.value = value;
  return input;
}
function use(ref) {
  const lines = [...document.querySelectorAll("input.evidence")];
  if (lines.some((i) => i.value.trim() === ref)) { return; }
  const empty = lines.find((i) => !i.value.trim());
  if (empty) { empty.value = ref; } else { addLine(ref); }
  changed();
}

async function step(direction) {
  const list = [...document.querySelectorAll(".queue ol a")];
  const here = list.findIndex((a) => a.getAttribute("aria-current") === "page");
  const to = list[here + direction];
  if (!to) { return; }
  await keepDraft();
  if (!dirty) { go(to.getAttribute("href")); }
}

const isTyping = (target) => target instanceof Element && target.closest("textarea, select, dialog, input:not([type=radio]):not([type=checkbox])") !== null;
const composing = (event) => event.isComposing || event.keyCode === 229;
const KEYS = {
  a: accept, u: undo, j: () => step(1), k: () => step(-1), ArrowRight: () => step(1), ArrowLeft: () => step(-1),
  e: () => addLine("").focus(), n: () => at("note").focus(), "?": () => at("keys").showModal(),
};
function choose(key) {
  const radio = form.querySelector(`input[data-key="${key}"]`);
  if (radio && !radio.disabled) { radio.checked = true; radio.dispatchEvent(new Event("input", { bubbles: true })); }
}
document.addEventListener("keydown", (event) => {
  if (composing(event) || event.repeat) { return; }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); save(); return; }
  if (event.key === "Escape" && isTyping(event.target) && !at("keys").open) { event.target.blur(); at("requirement").focus(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !at("keys-on").checked) { return; }
  const arrow = event.key.startsWith("Arrow");
  if (arrow && event.target instanceof Element && event.target.closest("input, .scroll")) { return; }
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (/^[1-6]$/.test(key)) { event.preventDefault(); choose(key); return; }
  if (Object.hasOwn(KEYS, key)) { event.preventDefault(); KEYS[key](); }
});

form.addEventListener("submit", (event) => { event.preventDefault(); });
form.querySelector("button[type=submit]").addEventListener("click", save);
// Enter in a one-line field neither saves nor, while a word is composed, does anything at all.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement) || event.ctrlKey || event.metaKey) { return; }
  event.preventDefault();
  if (!composing(event) && event.target.classList.contains("evidence") && event.target.value.trim()) { addLine("").focus(); }
});
form.addEventListener("input", () => { showForced(); changed(); });
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (link && dirty && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    keepDraft().then(() => { if (!dirty) { go(link.href); } });
    return;
  }
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  if (!button) { return; }
  if (button.classList.contains("add")) { use(button.dataset.ref); }
  if (button.classList.contains("remove")) { button.closest("li").remove(); changed(); }
  if (button.dataset.prefix !== undefined) { addLine(button.dataset.prefix).focus(); }
  if (button.id === "accept") { accept(); }
  if (button.id === "undo") { undo(); }
  if (button.id === "discard") { discard(); }
  if (button.id === "help") { at("keys").showModal(); }
});
at("keys-on").addEventListener("change", () => { try { localStorage.setItem("keys", at("keys-on").checked ? "on" : "off"); } catch { /* forgotten when the page closes */ } });

// The audit may be changed by other commands while this page is open.
async function compare() {
  if (leaving || busy) { return; }
  try {
    const answer = await fetch("/state/" + facts.id);
    if (!answer.ok) { say((await answer.json()).problem); return; }
    const now = await answer.json();
    if (now.seen !== facts.seen) {
      await keepDraft();
      if (!dirty) { sayNext(words.reloaded); reload(); }
    } else if (now.head !== facts.head) {
      facts.head = now.head;
      say(words.elsewhere);
    }
  } catch { say(words.gone); }
}
window.addEventListener("focus", compare);
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") { keepDraft({ keepalive: true }); } });
window.addEventListener("pagehide", () => { if (!leaving) { keepDraft({ keepalive: true }); } });

try {
  at("keys-on").checked = localStorage.getItem("keys") !== "off";
  const said = sessionStorage.getItem("said");
  if (said) { sessionStorage.removeItem("said"); say(said); }
} catch { /* storage is shut: nothing was remembered */ }
const left = unsent.take();
if (left) { fill(left); dirty = true; keepDraft(); }
showForced();
if (!document.querySelector("input.evidence")) { addLine(""); }
const current = document.querySelector('.queue a[aria-current="page"]');
if (current) { current.scrollIntoView({ block: "center" }); }
document.body.dataset.ready = "yes";
