// Small helps on every page; each page works without them.
(() => {
  "use strict";

  const setUp = (part) => {
    // Parts that only a script can serve are hidden until one runs.
    for (const only of part.querySelectorAll("[data-print], [data-keys]")) only.hidden = false;
    for (const button of part.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());

    // A button copies the text of another part; where the browser refuses, the text is selected.
    for (const button of part.querySelectorAll("[data-copy]")) {
      button.hidden = false;
      button.addEventListener("click", async () => {
        const source = document.getElementById(button.dataset.copy);
        try {
          await navigator.clipboard.writeText(source.textContent.trim());
          button.textContent = button.dataset.copied;
        } catch {
          getSelection().selectAllChildren(source);
        }
      });
    }

    // Edit conflict: a button puts one of the texts into the field that will be saved.
    for (const button of part.querySelectorAll("[data-fill]")) {
      const field = document.getElementById(button.dataset.fill);
      if (!field.matches("textarea, select, input:not([type=checkbox])")) continue;
      button.hidden = false;
      button.addEventListener("click", () => {
        field.value = button.value;
        field.focus();
      });
    }
  };
  setUp(document);

  // Of tabs that are wider than the screen, the one that is open is in sight.
  for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
    const row = tab.closest(".tabs");
    row.scrollLeft += Math.max(0, tab.getBoundingClientRect().right - row.getBoundingClientRect().right);
  }

  // What a history folds is printed whole.
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details.difference:not([open])")];
    for (const part of folded) part.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const part of folded) part.open = false;
  });

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

  // Pieces of a page are swapped in place. A whole page that comes instead (to sign in, a conflict, a refusal) is shown as one.
  const whole = (xhr) => /^\s*<!doctype/i.test(xhr.response);
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (!whole(xhr)) {
      if (requestConfig.verb === "post" && xhr.status === 200) requestConfig.elt.dispatchEvent(new CustomEvent("piece:saved", { bubbles: true }));
      return;
    }
    const asked = new URL(requestConfig.path, location.href);
    const came = new URL(xhr.responseURL);
    if (requestConfig.verb === "get" || came.pathname !== asked.pathname) {
      event.detail.shouldSwap = false;
      location.assign(came.pathname === asked.pathname ? asked : came);
      return;
    }
    event.detail.shouldSwap = true;
    event.detail.target = document.body;
    event.detail.swapOverride = "innerHTML show:window:top";
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === document.body) setUp(document);
  });
  const unsent = (event) => {
    if (event.detail.xhr.status && whole(event.detail.xhr)) return;
    const words = document.createElement("div");
    words.className = "toast toast--blocks";
    words.setAttribute("role", "status");
    words.textContent = document.body.dataset.unsentWords;
    const place = document.getElementById("messages");
    place.className = "messages messages--near";
    place.replaceChildren(words);
  };
  document.addEventListener("htmx:sendError", unsent);
  document.addEventListener("htmx:responseError", unsent);

  // Where the reader was stays where the reader is: in the form that came, else on the same amendment, else on its paragraph.
  let was = [];
  document.addEventListener("htmx:beforeRequest", (event) => {
    const here = event.detail.elt.closest(".place");
    const active = document.activeElement;
    if (!here || !here.contains(active)) return;
    // "Undo" may stand outside the amendment that the reader is on
    was = [active.closest(".margin-note"), ...[".margin-note", ".block"].map((part) => event.detail.elt.closest(part))].filter(Boolean).map((part) => part.id);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const active = document.activeElement;
    if (active && active !== document.body) return;
    const places = was.map((id) => document.getElementById(id)).filter((part) => part && event.detail.elt.contains(part));
    if (!places.length) return;
    const field = event.detail.elt.querySelector(".form :is(textarea, select, input:not([type=hidden]))");
    const next = field || places[0];
    if (next !== field) next.tabIndex = -1;
    next.focus({ preventScroll: next !== field });
  });

  // The menu closes like one.
  const openMenu = () => document.querySelector("details.more[open]");
  const close = (event) => {
    const menu = openMenu();
    if (menu && !menu.contains(event.target)) menu.open = false;
  };
  document.addEventListener("click", close);
  document.addEventListener("focusin", close);
  document.addEventListener("keydown", (event) => {
    const menu = openMenu();
    if (event.key !== "Escape" || !menu) return;
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
    // the stop that the reader is at or in, else the next one from there
    const here = document.activeElement;
    const now = stops.indexOf(here.closest(selector));
    const before = stops.filter((stop) => stop.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING).length;
    const at = now < 0 ? (forward ? before : before - 1) : now + (forward ? 1 : -1);
    const next = stops[Math.min(stops.length - 1, Math.max(0, here === document.body && !forward ? stops.length - 1 : at))];
    next.tabIndex = -1;
    next.focus();
    next.scrollIntoView({ block: "center" });
  };
  const press = (name) => {
    // an amendment that was taken is undone with its paragraph
    const active = document.activeElement;
    const places = [active.closest(".margin-note"), active.closest(".block")?.querySelector(".compromise")];
    places.map((place) => place?.querySelector(`[data-key="${name}"]`)).find(Boolean)?.click();
  };
  const moves = {
    j: () => step(".block", true),
    k: () => step(".block", false),
    n: () => step(".margin-note, .folded", true),
    p: () => step(".margin-note, .folded", false),
    c: () => step('[data-state="conflict"], [data-state="touching"]', true),
    x: () => step('[data-state="conflict"], [data-state="touching"]', false),
  };
  document.addEventListener("keydown", (event) => {
    if (!toggle.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (moves[event.key]) moves[event.key]();
    else if (/^[a-z]$/.test(event.key)) press(event.key);
  });
})();
