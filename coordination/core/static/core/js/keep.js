// Nothing typed is lost: forms marked data-keep keep their long fields in this browser until they are sent.
// Everything here is an addition; each page works without it.
(() => {
  "use strict";
  const key = (form, field) => `keep:${location.pathname}:${form.dataset.keep}:${field.name}`;
  const longFields = (form) => form.querySelectorAll("textarea[name]");

  for (const form of document.querySelectorAll("form[data-keep]")) {
    for (const field of longFields(form)) {
      const kept = localStorage.getItem(key(form, field));
      if (kept !== null && kept !== field.value) {
        const saved = field.value;
        const note = document.createElement("p");
        note.className = "form__hint";
        note.textContent = form.dataset.keepWords || "Your unsent text is back. ";
        const drop = document.createElement("button");
        drop.type = "button";
        drop.className = "button button--plain";
        drop.textContent = form.dataset.keepDrop || "Use the saved text instead";
        drop.addEventListener("click", () => {
          field.value = saved;
          localStorage.removeItem(key(form, field));
          note.remove();
        });
        note.append(" ", drop);
        field.value = kept;
        field.after(note);
      }
      field.addEventListener("input", () => localStorage.setItem(key(form, field), field.value));
    }
    form.addEventListener("submit", () => {
      for (const field of longFields(form)) localStorage.removeItem(key(form, field));
    });
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  const blocks = [...document.querySelectorAll(".block[id]")];
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!blocks.length || !["j", "k"].includes(event.key)) return;
    const now = blocks.findIndex((block) => block.id === location.hash.slice(1));
    const next = Math.min(blocks.length - 1, Math.max(0, now + (event.key === "j" ? 1 : -1)));
    location.hash = blocks[next].id;
  });
})();
