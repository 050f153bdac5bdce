// Words and the tags that they brought: the same colour, and lit together.

import { element } from "./parts.js";

const HUES = 6; // as in marking.py

export const keyOf = (hashtag) => `${hashtag.start}-${hashtag.end}`;

// Colours by keyword, from 1 in the order of the tags; the whole caption is no keyword.
export function hues(caption, hashtags) {
  const keys = new Map();
  const length = [...caption].length;
  for (const hashtag of hashtags) {
    const isWhole = hashtag.start === 0 && hashtag.end === length;
    const key = keyOf(hashtag);
    if (!keys.has(key)) keys.set(key, isWhole ? 0 : ([...keys.values()].filter(Boolean).length % HUES) + 1);
  }
  return keys;
}

// Lay the caption with its keywords in colour under the field that it is edited in.
export function mark(shown, before, caption, hashtags) {
  const letters = [...caption]; // Python counts characters, JavaScript halves of some
  const colours = hues(caption, hashtags);
  const spans = [...colours].filter(([, hue]) => hue)
    .map(([key, hue]) => ({ key, hue, start: Number(key.split("-")[0]), end: Number(key.split("-")[1]) }))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  const pieces = [before];
  let done = 0;
  for (const { key, hue, start, end } of spans) {
    const from = Math.max(start, done);
    pieces.push(letters.slice(done, from).join(""));
    if (end > from) {
      const marked = element("mark", { className: `hue-${hue}`, textContent: letters.slice(from, end).join("") });
      marked.dataset.key = key;
      pieces.push(marked);
    }
    done = Math.max(done, end);
  }
  shown.replaceChildren(...pieces, letters.slice(done).join(""), "\u200b");
}

function light(article, key) {
  for (const each of article.querySelectorAll("[data-key]")) {
    each.classList.toggle("lit", Boolean(key) && each.dataset.key === key);
  }
  article.classList.toggle("has-lit", Boolean(key) && article.querySelector("mark.lit") !== null);
}

function keyUnderPointer(event) {
  const under = document.elementsFromPoint(event.clientX, event.clientY);
  return under.find((each) => each.matches(".shown mark"))?.dataset.key;
}

function keyAtCaret(field, shown) {
  let at = field.selectionStart;
  for (const node of shown.childNodes) {
    at -= node.textContent.length;
    if (at <= 0) return node.dataset?.key;
  }
  return undefined;
}

// Light what belongs together, on hovering, focusing and moving in the caption.
export function linkWords(article) {
  const field = article.querySelector("textarea");
  const shown = article.querySelector(".shown");
  const tags = article.querySelector(".tags");
  const ofRow = (event) => event.target.closest(".tag-row")?.dataset.key;
  for (const name of ["pointerover", "focusin"]) {
    tags.addEventListener(name, (event) => light(article, ofRow(event)));
  }
  field.addEventListener("pointermove", (event) => light(article, keyUnderPointer(event)));
  for (const name of ["keyup", "click", "focus"]) {
    field.addEventListener(name, () => light(article, keyAtCaret(field, shown)));
  }
  for (const part of [tags, field]) {
    part.addEventListener("pointerleave", () => light(article, null));
    part.addEventListener("focusout", () => light(article, null));
  }
}
