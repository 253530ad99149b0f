"use strict";
/* "/" goes to the search in the head, unless somebody types. The account page switches it off here. */
(() => {
  const OFF = "carenet.no-search-key";
  const isOff = () => {
    try {
      return localStorage.getItem(OFF) === "yes";
    } catch {
      return true;
    }
  };

  document.addEventListener("keydown", (event) => {
    const field = document.getElementById("find");
    const elsewhere = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
    const types = event.target.closest?.("input, select, textarea, [contenteditable], dialog");
    if (event.key !== "/" || elsewhere || types || !field?.checkVisibility() || isOff()) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  const choice = document.getElementById("search-key");
  if (choice) {
    choice.checked = !isOff();
    choice.closest("[hidden]").hidden = false;
    choice.addEventListener("change", () => localStorage.setItem(OFF, choice.checked ? "no" : "yes"));
  }
})();
