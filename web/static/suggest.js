// What the suggesting page can do beyond a plain form: queue, drop, paste, wait for the models.

import "./language.js";
import "./preferences.js";
import { pause } from "./parts.js";
import { add, waitFor } from "./queue.js";
import { Result } from "./result.js";

const models = document.getElementById("models");
const POLL_MILLISECONDS = 1000;

async function status() {
  try {
    const answer = await fetch(models.dataset.health);
    return (await answer.json()).status;
  } catch {
    return models.dataset.status; // the server may be starting again
  }
}

async function watchModels() {
  while (models.dataset.status === "loading") {
    await pause(POLL_MILLISECONDS);
    const now = await status();
    if (now === "failed") location.reload(); // the server has the words for it
    models.hidden = now === "ready";
    models.dataset.status = now;
  }
}
waitFor(watchModels());

for (const id of ["photo", "camera"]) {
  const input = document.getElementById(id);
  input.addEventListener("change", () => {
    const photos = [...input.files];
    input.value = ""; // so that the same photo can be chosen again
    add(photos);
  });
  // With other fields in its form, Enter would send the form instead of opening the chooser.
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    input.click();
  });
}
document.getElementById("suggest").addEventListener("submit", (event) => event.preventDefault());

document.addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("dragging");
});
for (const end of ["dragleave", "drop"]) {
  document.addEventListener(end, () => document.body.classList.remove("dragging"));
}
document.addEventListener("drop", (event) => {
  event.preventDefault();
  add(event.dataTransfer.files);
});
document.addEventListener("paste", (event) => add(event.clipboardData.files));

// What the server has rendered already, for a page that was posted before the script was there.
for (const article of document.querySelectorAll("#results > .result")) new Result(article);
