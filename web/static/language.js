// The page in another language, in place: photos, captions and choices stay as they are.

import { notify, say } from "./parts.js";

const form = document.getElementById("preferences");
const SPOKEN = ["aria-label", "title", "placeholder", "lang"];

const isFilled = (text) => !text.includes("{}"); // the script fills in the others
const inside = (each) => (each.nodeName === "TEMPLATE" ? each.content : each);
const sentences = (each) =>
  [...inside(each).childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());

// Lay the words of one element over another that is made alike; what is a person's own stays.
export function overlay(shown, fresh) {
  if (shown?.nodeName !== fresh.nodeName) return;
  for (const name of SPOKEN) {
    const said = fresh.getAttribute(name);
    if (said !== null && isFilled(said)) shown.setAttribute(name, said);
  }
  if (shown.matches("#words, #theme")) Object.assign(shown.dataset, fresh.dataset);
  if (shown.matches("button")) shown.value = fresh.value;
  if (shown.matches("[data-own], textarea")) return;
  const before = sentences(shown);
  sentences(fresh).forEach(({ data }, at) => {
    if (before[at] && isFilled(data)) before[at].data = data;
  });
  const parts = [...inside(shown).children];
  [...inside(fresh).children].forEach((each, at) => {
    overlay(each.id ? document.getElementById(each.id) : parts[at], each);
  });
}

// The server keeps the choice and sends back this page in that language, empty.
async function choose(submitter) {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form, submitter) });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (page.documentElement.lang !== submitter.value) throw new Error("refused");
  document.documentElement.lang = submitter.value;
  overlay(document.body, page.body);
  document.dispatchEvent(new Event("language"));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  choose(event.submitter).catch(() => notify(say("noAnswer")));
});
