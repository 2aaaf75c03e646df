// Small helps on every page; each page works without them.
(() => {
  "use strict";

  // Parts that only a script can serve are hidden until one runs.
  for (const part of document.querySelectorAll("[data-print], [data-keys]")) part.hidden = false;
  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());

  // Edit conflict: a button puts one of the texts into the field that will be saved.
  for (const button of document.querySelectorAll("[data-fill]")) {
    const field = document.getElementById(button.dataset.fill);
    if (!field.matches("textarea, select, input:not([type=checkbox])")) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      field.value = button.value;
      field.focus();
    });
  }

  // A form that is under way is not sent twice; after some seconds, or when the reader comes back, it can be.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.underWay) event.preventDefault();
    form.dataset.underWay = "yes";
    setTimeout(() => delete form.dataset.underWay, 8000);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-under-way]")) delete form.dataset.underWay;
  });

  // The menu closes like one.
  const menu = document.querySelector("details.more");
  const close = (event) => {
    if (menu && menu.open && !menu.contains(event.target)) menu.open = false;
  };
  document.addEventListener("click", close);
  document.addEventListener("focusin", close);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // Keys, on pages that list them (c-keys), until the reader switches them off there.
  const keys = document.querySelector("[data-keys]");
  if (!keys) return;
  const toggle = keys.querySelector("input");
  toggle.checked = localStorage.getItem("keys") !== "off";
  toggle.addEventListener("change", () => localStorage.setItem("keys", toggle.checked ? "on" : "off"));

  const step = (selector, forward) => {
    const stops = [...document.querySelectorAll(selector)];
    if (!stops.length) return;
    const now = stops.findIndex((stop) => stop === document.activeElement);
    const next = stops[now < 0 ? (forward ? 0 : stops.length - 1) : Math.min(stops.length - 1, Math.max(0, now + (forward ? 1 : -1)))];
    next.tabIndex = -1;
    next.focus();
    next.scrollIntoView({ block: "center" });
  };
  const press = (name) => {
    const note = document.activeElement.closest(".margin-note");
    const here = note || document.activeElement.closest(".block")?.querySelector(".compromise");
    const button = here && here.querySelector(`[data-key="${name}"]`);
    if (button) button.click();
  };
  const moves = {
    j: () => step(".block", true),
    k: () => step(".block", false),
    n: () => step(".margin-note", true),
    p: () => step(".margin-note", false),
    c: () => step('.margin-note[data-state="conflict"]', true),
  };
  document.addEventListener("keydown", (event) => {
    if (!toggle.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (moves[event.key]) moves[event.key]();
    else if (/^[a-z]$/.test(event.key)) press(event.key);
  });
})();
