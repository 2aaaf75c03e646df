// Nothing typed is lost. Forms marked data-keep keep their long fields in this browser until the server has them:
// a text leaves the store when its form was sent and the answer was a redirect to a page that is not the sign-in, or a piece of page.
// Keys carry the person, so that a shared computer shows nobody another's words; signing out empties the store.
(() => {
  "use strict";
  const PREFIX = "keep:";
  const SENT = "keep-sent";
  const DAYS = 14;
  const person = document.body.dataset.person || "nobody";
  const same = (text) => text.replaceAll("\r\n", "\n").trim();

  const longFields = (form) => [...form.querySelectorAll("textarea[name]")];
  const key = (form, field) => `${PREFIX}${person}:${new URL(form.getAttribute("action") || "", location.href).pathname}:${form.dataset.keep}:${field.name}`;
  const read = (name) => {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null;
    }
  };
  const write = (name, text) => {
    try {
      localStorage.setItem(name, JSON.stringify({ text, at: Date.now() }));
    } catch {
      // the store is full or closed: typing goes on without it
    }
  };
  const stored = () => Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));

  const forgetOld = () => {
    for (const name of stored()) {
      const kept = read(name);
      if (!kept || Date.now() - kept.at > DAYS * 864e5) localStorage.removeItem(name);
    }
  };

  const forgetSent = () => {
    const sent = JSON.parse(sessionStorage.getItem(SENT) || "[]");
    const [visit] = performance.getEntriesByType("navigation");
    const taken = visit && visit.type === "navigate" && visit.redirectCount > 0 && !location.pathname.startsWith("/accounts/");
    if (taken) sent.forEach((name) => localStorage.removeItem(name));
    sessionStorage.removeItem(SENT);
  };

  const offer = (form, field, name, kept) => {
    const note = document.createElement("p");
    note.className = "form__hint";
    note.setAttribute("role", "status");
    note.textContent = `${document.body.dataset.keptWords} `;
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "button button--plain";
    drop.textContent = document.body.dataset.keptDrop;
    drop.addEventListener("click", () => {
      field.value = field.defaultValue;
      localStorage.removeItem(name);
      note.remove();
      field.focus();
    });
    note.append(drop);
    field.value = kept;
    field.after(note);
  };

  // What was typed before this ran stands in the field already.
  const keep = (form) => {
    for (const field of longFields(form)) {
      const name = key(form, field);
      const kept = read(name);
      if (kept && same(kept.text) === same(field.defaultValue)) localStorage.removeItem(name);
      else if (kept && same(kept.text) !== same(field.value)) offer(form, field, name, kept.text);
    }
  };

  const setUp = (part) => {
    for (const form of part.querySelectorAll("form[data-keep]:not([data-kept])")) {
      form.dataset.kept = "yes";
      keep(form);
    }
    for (const form of part.querySelectorAll("form[data-forget]")) {
      form.addEventListener("submit", () => stored().forEach((name) => localStorage.removeItem(name)));
    }
  };

  // Heard from the first key on: a form that came in place can be typed into before htmx says that it is there.
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-keep]");
    if (form && event.target.matches("textarea[name]")) write(key(form, event.target), event.target.value);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("form[data-keep]")) sessionStorage.setItem(SENT, JSON.stringify(longFields(form).map((field) => key(form, field))));
  });

  // Who keeps what is saved drops their own version, here too.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-drop]");
    if (!link) return;
    const form = `${PREFIX}${person}:${new URL(link.href).pathname}:`;
    for (const name of stored()) if (name.startsWith(form)) localStorage.removeItem(name);
    sessionStorage.removeItem(SENT);
  });

  forgetSent();
  forgetOld();
  setUp(document);

  // Forms that came in place, and what they sent (page.js says when the server has it).
  document.addEventListener("htmx:load", (event) => setUp(event.detail.elt));
  document.addEventListener("htmx:afterRequest", () => sessionStorage.removeItem(SENT));
  document.addEventListener("piece:saved", (event) => {
    const form = event.target;
    if (form.matches("form[data-keep]")) longFields(form).forEach((field) => localStorage.removeItem(key(form, field)));
  });
})();
