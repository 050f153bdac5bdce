// Blocking and pinning a tag where it stands, for whoever may tune; each can be taken back.

import { notify, say } from "./parts.js";

const { vocabulary, csrf } = document.getElementById("suggest").dataset;

async function ask(tag, options = {}) {
  const answer = await fetch(`${vocabulary}/tags/${encodeURIComponent(tag)}`, options);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail);
  return [body, answer.headers.get("ETag")];
}

// Change only the line that was read: if somebody else was quicker, nothing is overwritten.
async function become(tag, state) {
  const [line, revision] = await ask(tag);
  await ask(tag, {
    method: "PATCH",
    headers: { "Content-Type": "application/json", "If-Match": revision, "X-CSRFToken": csrf },
    body: JSON.stringify({ state }),
  });
  return line.state;
}

// Block or pin a tag, then show what that changes; undoing gives it the state that it had.
export async function steer(tag, state, afterwards) {
  try {
    const before = await become(tag, state);
    afterwards();
    notify(say(state, tag), () => steerBack(tag, before, afterwards));
  } catch (error) {
    notify(error.message || say("noAnswer"));
  }
}

async function steerBack(tag, state, afterwards) {
  try {
    await become(tag, state);
    afterwards();
  } catch (error) {
    notify(error.message || say("noAnswer"));
  }
}
