// Small things that every page needs: words, notices with undo, copying.

const TOAST_MILLISECONDS = 8000;
const words = document.getElementById("words")?.dataset ?? {};

// A sentence of the page's language, with values in the place of its braces.
export const say = (name, ...values) =>
  values.reduce((sentence, value) => sentence.replace("{}", () => value), words[name]);

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

export const cloned = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

// Say what happened; with a second argument, offer to take it back.
export function notify(sentence, undo = null) {
  const toast = element("div", { className: "toast" }, element("span", { textContent: sentence }));
  if (undo) {
    const button = element("button", { type: "button", textContent: say("undo") });
    button.addEventListener("click", () => {
      toast.remove();
      undo();
    });
    toast.append(button);
  }
  document.getElementById("toasts").replaceChildren(toast);
  setTimeout(() => toast.matches(":focus-within, :hover") || toast.remove(), TOAST_MILLISECONDS);
}

function copyBySelection(text) {
  // A page that is not served over HTTPS or from this machine has no clipboard of its own.
  const field = element("textarea", { value: text, readOnly: true, className: "hidden" });
  const focused = document.activeElement;
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  focused?.focus();
  return copied;
}

export async function copy(text) {
  let copied = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copied = copyBySelection(text);
  }
  notify(say(copied ? "copied" : "notCopied"));
}
