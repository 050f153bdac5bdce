// Light or dark at once, without losing what is on the page; the server keeps the choice.

const button = document.getElementById("theme");
const THEMES = ["auto", "light", "dark"];

document.documentElement.classList.add("scripted");

function show(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  button.value = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
  button.setAttribute("aria-label", button.dataset[theme]);
}

button.addEventListener("click", (event) => {
  event.preventDefault();
  const body = new FormData(button.form);
  body.set("theme", button.value);
  show(button.value);
  fetch(button.form.action, { method: "POST", body, redirect: "manual" }).catch(() => {});
});
