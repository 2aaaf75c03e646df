// The attendance of a meeting: a number key chooses the level of a row and goes on to the next one.
// The principal's name stands beside the level "principal" alone, unless somebody typed another.
(() => {
  "use strict";
  const rows = [...document.querySelectorAll(".attendance__row")];
  const radios = (row) => [...row.querySelectorAll('input[type="radio"]')];
  const nameOf = (row) => row.querySelector('input[type="text"]');

  const offerName = (row) => {
    const field = nameOf(row);
    const principal = row.dataset.principal;
    const chosen = radios(row).find((radio) => radio.checked);
    if (!chosen || !principal) return;
    const offered = chosen.value === "principal" || chosen.value === "";
    if (offered && !field.value) field.value = principal;
    if (!offered && field.value === principal) field.value = "";
  };

  const choose = (row, key) => {
    const levels = radios(row);
    const radio = key === "0" ? levels.find((level) => level.value === "") : levels.filter((level) => level.value)[Number(key) - 1];
    if (!radio) return false;
    radio.checked = true;
    offerName(row);
    return true;
  };

  const focus = (row) => {
    const levels = radios(row);
    (levels.find((level) => level.checked) || levels[0]).focus();
  };

  rows.forEach((row, place) => {
    row.addEventListener("change", (event) => {
      if (event.target.type === "radio") offerName(row);
    });
    row.addEventListener("keydown", (event) => {
      const typed = event.target.type !== "radio" || event.ctrlKey || event.altKey || event.metaKey;
      if (typed || !/^[0-9]$/.test(event.key) || !choose(row, event.key)) return;
      event.preventDefault();
      focus(rows[place + 1] || row);
    });
  });
})();
