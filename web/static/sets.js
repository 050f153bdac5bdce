// Sets of tags that a person saves. They stay in this browser; the server never sees them.

import { copy, element, notify, say } from "./parts.js";

const KEY = "captag.sets";
const panel = document.getElementById("sets");

function read() {
  try {
    const sets = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(sets) ? sets : [];
  } catch {
    return []; // kept by something else, or nothing may be kept
  }
}

function write(sets) {
  try {
    localStorage.setItem(KEY, JSON.stringify(sets));
  } catch {
    return notify(say("setNotSaved"));
  }
  return show(sets);
}

function show(sets) {
  panel.hidden = !sets.length;
  panel.querySelector("ul").replaceChildren(...sets.map(line));
}

function line({ name, tags }) {
  const text = tags.map((tag) => `#${tag}`).join(" ");
  const copying = element("button", { type: "button", textContent: say("copySet") });
  const deleting = element("button", { type: "button", className: "quiet", textContent: "×" });
  copying.setAttribute("aria-label", `${say("copySet")}: ${name}`);
  deleting.setAttribute("aria-label", say("deleteSet", name));
  copying.addEventListener("click", () => copy(text));
  deleting.addEventListener("click", () => {
    const before = read();
    write(before.filter((set) => set.name !== name));
    notify(say("setDeleted"), () => write(before));
  });
  const title = element("strong", { textContent: name });
  const shown = element("span", { className: "soft", textContent: text });
  return element("li", { className: "row" }, copying, deleting, title, shown);
}

// Ask for a name in place of the button, then keep the tags under it.
export function saveSet(button, tags) {
  const form = element("form", { className: "row" });
  const name = element("input", { required: true, maxLength: 60, placeholder: say("nameSet") });
  name.setAttribute("aria-label", say("nameSet"));
  const keep = element("button", { textContent: button.textContent });
  form.append(name, keep);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const others = read().filter((set) => set.name !== name.value.trim());
    write([...others, { name: name.value.trim(), tags, saved: new Date().toISOString() }]);
    form.replaceWith(button);
    button.focus();
    notify(say("setSaved"));
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      form.replaceWith(button);
      button.focus();
    }
  });
  button.replaceWith(form);
  name.focus();
}

function exportSets() {
  const file = new Blob([JSON.stringify(read(), null, 2)], { type: "application/json" });
  const link = element("a", { href: URL.createObjectURL(file), download: "captag-sets.json" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
}

panel.querySelector("[data-export]").addEventListener("click", exportSets);
show(read());
document.addEventListener("language", () => show(read()));
