// What the vocabulary page can do beyond plain forms: count changes, add lines, try at once.

import "./preferences.js";
import { element, notify, say } from "./parts.js";

const form = document.getElementById("tune");
if (document.getElementById("saved")) new BroadcastChannel("captag.vocabulary").postMessage("saved");
const TRYING_MILLISECONDS = 400;

const original = (field) =>
  field.type === "checkbox" ? field.defaultChecked
    : field.options ? [...field.options].find((option) => option.defaultSelected)?.value ?? field.options[0].value
      : field.defaultValue;
const current = (field) => (field.type === "checkbox" ? field.checked : field.value);
const fields = (row) => [...row.querySelectorAll("input, select")];
const isChanged = (row) => fields(row).some((field) => current(field) !== original(field));

function count() {
  const rows = [...form.querySelectorAll("tbody tr")];
  for (const row of rows) {
    if (isChanged(row)) row.classList.add("changed");
    else if (!row.dataset.sent) row.classList.remove("changed");
  }
  return rows.filter((row) => row.classList.contains("changed")).length;
}

function show() {
  const changed = count();
  const note = document.getElementById("unsaved");
  note.dataset.all ??= note.textContent;
  note.textContent = changed ? say("unsaved", changed) : note.dataset.all;
  return changed;
}

// A further empty line, as soon as the last one is written in.
function addLine() {
  const rows = document.querySelectorAll("#new tr");
  const last = rows[rows.length - 1];
  if (!fields(last).some((field) => field.value)) return;
  const next = last.cloneNode(true);
  const from = `n${rows.length - 1}`;
  const to = `n${rows.length}`;
  for (const each of [next, ...next.querySelectorAll("*")]) {
    for (const { name, value } of [...each.attributes]) {
      if (value.includes(from)) each.setAttribute(name, value.replaceAll(from, to));
    }
  }
  for (const error of next.querySelectorAll(".error")) error.remove();
  for (const field of fields(next)) {
    field.value = "";
    field.removeAttribute("aria-invalid");
  }
  next.className = "";
  last.after(next);
}

async function tryIt() {
  const body = new FormData(form);
  if (!body.get("caption").trim()) return;
  body.set("try", "1");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(body) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const refusal = page.querySelector(".error, .refusal");
    const tried = page.getElementById("tried");
    if (refusal || !tried) notify(refusal?.textContent ?? say("noAnswer"));
    else document.getElementById("tried").replaceChildren(...tried.childNodes);
  } catch {
    notify(say("noAnswer"));
  }
}

if (form) {
  let trying;
  let isSent = false;
  // Look at other lines without losing what is not saved yet: the server shows it above them.
  const look = (event, address) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !show()) return;
    event.preventDefault();
    isSent = true;
    form.append(element("input", { type: "hidden", name: "look", value: "1" }));
    form.action = address;
    form.submit();
  };
  for (const link of document.querySelectorAll(".pages a, thead a")) {
    link.addEventListener("click", (event) => look(event, link.href));
  }
  const filters = document.querySelector(".filters");
  filters.addEventListener("submit", (event) => {
    look(event, `${filters.action}?${new URLSearchParams(new FormData(filters))}`);
  });
  for (const row of form.querySelectorAll("tr.changed")) row.dataset.sent = "1"; // not saved yet
  form.addEventListener("input", () => {
    addLine();
    show();
    clearTimeout(trying);
    trying = setTimeout(tryIt, TRYING_MILLISECONDS);
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name === "try") {
      event.preventDefault();
      tryIt();
    } else isSent = true;
  });
  // Enter in a line saves, in the caption it tries; the browser would always take the first button.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches("td input")) return;
    event.preventDefault();
    form.requestSubmit(form.elements.save);
  });
  addEventListener("beforeunload", (event) => {
    if (!isSent && show()) event.preventDefault();
  });
  show();
}
