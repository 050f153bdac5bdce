// What the page can do beyond a plain form: drop and paste, wait without losing the photo, copy.
// The server renders every result; this file only puts it in place.

const chooser = document.getElementById("chooser");
const input = document.getElementById("photo");
const models = document.getElementById("models");
const announcement = document.getElementById("announcement");

const POLL_MILLISECONDS = 1000;
const COPIED_MILLISECONDS = 2000;
const BYTES_IN_A_MEGABYTE = 1_000_000;
let newest = null; // the request whose answer is shown; an earlier one is given up

document.documentElement.classList.add("scripted");

// The models

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

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
    if (now === "ready") models.textContent = "";
    models.dataset.status = now;
  }
}
const modelsSettled = watchModels();

// A photo

function show(...nodes) {
  const outcome = document.getElementById("outcome");
  outcome.replaceChildren(...nodes);
  return outcome;
}

function refuse(sentence) {
  const refusal = document.createElement("p");
  refusal.className = "refusal";
  refusal.role = "alert";
  refusal.textContent = sentence;
  show(refusal);
}

function preview(photo) {
  const waiting = document.getElementById("waiting").content.cloneNode(true);
  const image = waiting.querySelector("img");
  image.src = URL.createObjectURL(photo);
  image.onload = () => URL.revokeObjectURL(image.src);
  image.onerror = () => image.remove(); // HEIC: the server's picture follows
  waiting.querySelector("figcaption").textContent = photo.name;
  show(waiting);
  announcement.textContent = "Looking at the photo";
}

async function post(photo, signal) {
  const form = new FormData();
  form.append("photo", photo, photo.name);
  const answer = await fetch(chooser.action, { method: "POST", body: form, signal });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const outcome = page.getElementById("outcome");
  if (!outcome) throw new Error(`status ${answer.status}`);
  document.title = page.title;
  return outcome;
}

async function suggest(photo) {
  const maxBytes = Number(chooser.dataset.maxBytes);
  newest?.abort();
  newest = new AbortController();
  const { signal } = newest;
  if (photo.size > maxBytes) {
    const megabytes = Math.round(maxBytes / BYTES_IN_A_MEGABYTE);
    return refuse(`That is more than ${megabytes} MB. Choose a smaller photo.`);
  }
  preview(photo);
  try {
    await modelsSettled;
    const outcome = await post(photo, signal);
    if (signal.aborted) return;
    show(...outcome.childNodes).focus({ preventScroll: true });
    announcement.textContent = document.getElementById("caption")?.textContent ?? "";
  } catch {
    if (!signal.aborted) refuse("captag does not answer. Is it still running?");
  }
}

input.addEventListener("change", () => {
  const [photo] = input.files;
  input.value = ""; // so that the same photo can be chosen again
  if (photo) suggest(photo);
});

document.addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("dragging");
});
for (const end of ["dragleave", "drop"]) {
  document.addEventListener(end, () => document.body.classList.remove("dragging"));
}
document.addEventListener("drop", (event) => {
  event.preventDefault();
  const [photo] = event.dataTransfer.files;
  if (photo) suggest(photo);
});
document.addEventListener("paste", (event) => {
  const [photo] = event.clipboardData.files;
  if (photo) suggest(photo);
});

// Copying

function copyBySelection(element) {
  // A page that is not served over HTTPS or from this machine has no clipboard of its own.
  const range = document.createRange();
  element.style.display = "block";
  range.selectNodeContents(element);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  const copied = document.execCommand("copy");
  getSelection().removeAllRanges();
  element.style.display = "";
  return copied;
}

async function copy(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    return true;
  } catch {
    return copyBySelection(element);
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  const label = button.dataset.label ?? button.textContent;
  button.dataset.label = label;
  const copied = await copy(document.getElementById(button.dataset.copies));
  button.textContent = copied ? "Copied" : "Not copied";
  announcement.textContent = button.textContent;
  await pause(COPIED_MILLISECONDS);
  button.textContent = label;
});
