// The queue: photos are read one after the other; each has its state and can be cancelled.

import { cloned, say } from "./parts.js";
import { Result } from "./result.js";

const form = document.getElementById("suggest");
const strip = document.getElementById("strip");
const results = document.getElementById("results");
const toTune = document.getElementById("to-tune");
const TUNE_TAB = "captag-tune"; // of its own, while there are photos here that would be lost
const BYTES_IN_A_MEGABYTE = 1_000_000;
const jobs = [];
let isBusy = false;
let modelsReady = Promise.resolve();

export function waitFor(ready) {
  modelsReady = ready;
}

class Job {
  constructor(photo, number) {
    this.photo = photo;
    this.address = URL.createObjectURL(photo);
    this.frame = cloned("frame");
    this.frame.querySelector("[data-number]").textContent = number;
    this.frame.querySelector("img").src = this.address;
    this.frame.querySelector("img").onerror = ({ target }) => target.classList.add("blank");
    this.frame.querySelector(".open").addEventListener("click", () => select(this));
    this.frame.querySelector(".cancel").addEventListener("click", () => this.stopOrRemove());
    this.become("waiting");
    this.pend();
  }

  get isOpen() {
    return this.state === "waiting" || this.state === "looking";
  }

  become(state) {
    this.state = state;
    this.frame.dataset.state = state;
    this.frame.querySelector(".state").textContent = say(state);
    this.frame.querySelector(".open").setAttribute("aria-label", `${this.photo.name}: ${say(state)}`);
    const cancel = this.frame.querySelector(".cancel");
    cancel.setAttribute("aria-label", say(this.isOpen ? "cancel" : "remove", this.photo.name));
  }

  put(article) {
    article.hidden = this.article ? this.article.hidden : true;
    if (this.article) this.article.replaceWith(article);
    this.article = article;
  }

  // Show the photo as the browser sees it, until the server's upright picture is there.
  panel(id, sentence) {
    const panel = cloned(id);
    const image = panel.querySelector("img");
    image.src = this.address;
    image.onerror = () => image.remove(); // HEIC: the server's picture follows
    panel.querySelector("figcaption").textContent = this.photo.name;
    panel.querySelector("[data-say]").textContent = sentence;
    this.put(panel);
    return panel;
  }

  pend() {
    const panel = this.panel("pending", say("looking"));
    panel.querySelector("[data-cancel]").addEventListener("click", () => this.cancel());
  }

  stop(state, sentence) {
    this.become(state);
    const panel = this.panel("stopped", sentence);
    panel.querySelector("[data-retry]").addEventListener("click", () => this.again());
  }

  again() {
    this.become("waiting");
    this.pend();
    work();
  }

  cancel() {
    this.asking?.abort();
    this.stop("cancelled", say("wasCancelled"));
  }

  stopOrRemove() {
    if (this.isOpen) this.cancel();
    else this.remove();
  }

  remove() {
    const at = jobs.indexOf(this);
    jobs.splice(at, 1);
    this.result?.forget();
    this.article.remove();
    this.frame.remove();
    URL.revokeObjectURL(this.address);
    strip.hidden = jobs.length < 2;
    toTune.target = jobs.length ? TUNE_TAB : "";
    if (jobs.length) select(jobs[Math.max(0, at - 1)]);
    else document.getElementById("photo").focus();
  }

  // The page speaks another language by now; what came of a photo says so by itself.
  retell() {
    this.become(this.state);
    if (this.isOpen) this.pend();
    else if (this.state === "cancelled") this.cancel();
    else if (this.state === "failed") this.again(); // the server has the words for it
  }

  async look() {
    this.become("looking");
    this.asking = new AbortController();
    const { signal } = this.asking;
    const most = Number(form.dataset.maxBytes);
    if (this.photo.size > most) {
      return this.stop("failed", say("tooLarge", Math.round(most / BYTES_IN_A_MEGABYTE)));
    }
    try {
      await modelsReady;
      if (!signal.aborted) this.finish(await post(this.photo, signal));
    } catch {
      if (!signal.aborted) this.stop("failed", say("noAnswer"));
    }
    return undefined;
  }

  finish(page) {
    const article = page.querySelector("#results > .result");
    if (!article) return this.stop("failed", page.querySelector(".refusal").textContent);
    this.become("done");
    this.put(document.adoptNode(article));
    this.result = new Result(article);
    if (page.documentElement.lang !== document.documentElement.lang) this.result.retell();
    if (!article.hidden) {
      document.title = page.title;
      this.result.lead();
      results.focus({ preventScroll: true });
    }
    return undefined;
  }
}

async function post(photo, signal) {
  const body = new FormData();
  for (const name of ["mix", "language", "limit"]) body.append(name, form[name].value);
  body.append("scripted", "1");
  body.append("photo", photo, photo.name);
  const answer = await fetch(form.action, { method: "POST", body, signal });
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function select(job) {
  for (const each of jobs) {
    each.article.hidden = each !== job;
    each.frame.querySelector(".open").setAttribute("aria-current", String(each === job));
  }
  results.setAttribute("aria-busy", String(job.isOpen));
  job.result?.lookAt();
}

// Read what waits, one photo at a time: two at once would only share the same processor.
async function work() {
  if (isBusy) return;
  isBusy = true;
  for (let job; (job = jobs.find((each) => each.state === "waiting")); ) await job.look();
  isBusy = false;
}

export function add(photos) {
  const isFirst = !jobs.length;
  document.getElementById("refusal")?.remove();
  if (isFirst) results.replaceChildren();
  const added = [...photos].map((photo) => {
    const job = new Job(photo, jobs.length + 1);
    jobs.push(job);
    results.append(job.article);
    strip.append(job.frame);
    return job;
  });
  if (!added.length) return;
  strip.hidden = jobs.length < 2;
  toTune.target = TUNE_TAB;
  if (isFirst || added.length === 1) select(added[0]);
  work();
}

document.addEventListener("language", () => {
  for (const job of jobs) job.retell();
});

// Nothing is stored, so whatever took a person some work is lost with the page.
addEventListener("beforeunload", (event) => {
  if (jobs.some((job) => job.isOpen || job.result?.isEdited)) event.preventDefault();
});
