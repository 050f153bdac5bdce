// One photo's findings: the caption is edited, tags are chosen and copied, the rest follows.

import { overlay } from "./language.js";
import { hues, keyOf, linkWords, mark } from "./marks.js";
import { copy, notify, say } from "./parts.js";
import { saveSet } from "./sets.js";
import { steer } from "./steering.js";

const TYPING_MILLISECONDS = 40; // with the answer, tags follow within 150 ms
const form = document.getElementById("suggest");
const postLimit = Number(form.dataset.postLimit);
const blank = document.getElementById("result").content; // a result of nothing, with one tag
const results = new Set(); // every one that is on the page, for the knobs

const format = new Intl.NumberFormat("en");

function knobs() {
  return { mix: Number(form.mix.value), language: form.language.value, limit: Number(form.limit.value) };
}

export class Result {
  constructor(article) {
    this.article = article;
    this.field = article.querySelector("textarea");
    if (!this.field) return; // a refusal
    this.chosen = new Map(); // tags that a person chose or left, whatever their place
    results.add(this);
    linkWords(article);
    this.field.addEventListener("input", () => this.edited());
    article.addEventListener("change", (event) => this.toggled(event.target));
    article.addEventListener("click", (event) => this.pressed(event.target.closest("button")));
  }

  get rows() {
    return [...this.article.querySelectorAll(".tag-row")];
  }

  tags(which) {
    const pascal = this.article.querySelector("[data-pascal]:checked");
    const rows = {
      set: () => this.rows.slice(0, postLimit),
      all: () => this.rows,
      chosen: () => this.rows.filter((row) => row.querySelector(":checked")),
    }[which]();
    return rows.map((row) => (pascal ? row.dataset.pascal : row.dataset.tag));
  }

  edited() {
    this.isEdited = true;
    this.lead();
    const text = this.field.value;
    const before = text.slice(0, text.length - text.trimStart().length);
    mark(this.article.querySelector(".shown"), before, text.slice(before.length), []);
    this.article.querySelector(".guess").hidden = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.rank(), TYPING_MILLISECONDS);
  }

  // Rank anew: at once where a person looks at it, else when one does.
  refresh() {
    if (this.article.hidden) this.isStale = true;
    else this.rank();
  }

  lookAt() {
    this.lead();
    if (this.isStale) this.rank();
  }

  // Ask for the tags of the caption as it stands; an older question is given up.
  async rank() {
    this.isStale = false;
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    const text = this.field.value;
    const before = text.slice(0, text.length - text.trimStart().length);
    const caption = text.trim();
    if (!caption) return this.show("", before, []);
    try {
      const answer = await fetch(form.dataset.matches, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ caption, ...knobs() }),
        signal: asking.signal,
      });
      const found = await answer.json();
      if (!answer.ok) notify(found.error ?? found.detail);
      else if (!asking.signal.aborted) this.show(caption, before, found.hashtags);
    } catch {
      if (!asking.signal.aborted) notify(say("noAnswer"));
    }
  }

  show(caption, before, hashtags) {
    const colours = hues(caption, hashtags);
    const lastOfSet = hashtags.length > postLimit ? postLimit - 1 : -1;
    const rows = hashtags.map((hashtag, at) => {
      const chosen = this.chosen.get(hashtag.tag) ?? at < postLimit;
      return row(hashtag, colours.get(keyOf(hashtag)), chosen, at === lastOfSet);
    });
    mark(this.article.querySelector(".shown"), before, caption, hashtags);
    this.article.querySelector(".tags").replaceChildren(...rows);
    this.article.querySelector(".offer").hidden = !hashtags.length;
    this.article.querySelector(".copybar").hidden = !hashtags.length;
    this.article.querySelector(".nothing").hidden = Boolean(hashtags.length);
    this.count();
  }

  count() {
    const label = (which, sentence) => {
      this.article.querySelector(`[data-copy="${which}"]`).textContent = say(sentence, this.tags(which).length);
    };
    label("set", "copy");
    label("all", "copy");
    label("chosen", "copyChosen");
  }

  toggled(box) {
    const row = box.closest(".tag-row");
    if (!row) return;
    this.chosen.set(row.dataset.tag, box.checked);
    this.count();
  }

  pressed(button) {
    if (!button) return;
    const { copy: which, steer: state } = button.dataset;
    if (which) copy(this.text(which));
    if (state) steer(button.closest(".tag-row").dataset.tag, state, rankAll);
    if ("saveSet" in button.dataset) saveSet(button, this.tags("chosen"));
  }

  text(which) {
    const tags = this.tags(which).map((tag) => `#${tag}`).join(" ");
    const withCaption = this.article.querySelector("[data-with-caption]:checked");
    return withCaption ? `${this.field.value.trim()}\n\n${tags}` : tags;
  }

  // The vocabulary page can be tried with the caption that is looked at.
  lead() {
    const link = document.getElementById("to-tune");
    const address = new URL(link.href);
    address.searchParams.set("caption", this.field.value.trim());
    link.href = address;
  }

  // Say everything anew, in the language that the page has by now.
  retell() {
    overlay(this.article.querySelector(".findings"), blank.querySelector(".findings"));
    const made = this.article.querySelector(".model");
    if (made) made.textContent = say("writtenBy", made.dataset.model, made.dataset.seconds);
    this.count();
    this.refresh();
  }

  forget() {
    results.delete(this);
    this.asking?.abort();
  }
}

function row(hashtag, hue, isChosen, isLastOfSet) {
  const made = blank.querySelector(".tag-row").cloneNode(true);
  const set = (selector, text) => {
    made.querySelector(selector).textContent = text;
  };
  made.className = `tag-row hue-${hue}${isLastOfSet ? " last-of-set" : ""}`;
  Object.assign(made.dataset, { key: keyOf(hashtag), tag: hashtag.tag, pascal: hashtag.pascal_case });
  made.querySelector("input").checked = isChosen;
  made.querySelector("rect").setAttribute("width", `${(100 * hashtag.score).toFixed(1)}%`);
  set(".tag", `#${hashtag.tag}`);
  set(".score", hashtag.score.toFixed(2));
  set("q", hashtag.keyword);
  set("[data-near]", say("similarity", hashtag.similarity.toFixed(2)));
  set("[data-posts]", say("posts", format.format(hashtag.posts)));
  for (const each of made.querySelectorAll("[aria-label]")) {
    each.setAttribute("aria-label", each.getAttribute("aria-label").replace("{}", hashtag.tag));
  }
  const near = made.querySelector("[data-near]");
  near.title = near.title.replace("{}", hashtag.meaning);
  return made;
}

function rankAll() {
  for (const result of results) result.refresh();
}

let turning;
for (const name of ["mix", "language", "limit"]) {
  form[name].addEventListener("input", () => {
    clearTimeout(turning);
    turning = setTimeout(() => form[name].checkValidity() && rankAll(), TYPING_MILLISECONDS);
  });
}

document.addEventListener("language", () => {
  for (const result of results) result.retell();
});
new BroadcastChannel("captag.vocabulary").addEventListener("message", rankAll); // saved in another tab
