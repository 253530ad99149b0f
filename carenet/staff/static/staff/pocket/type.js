/* Larger letters, by a switch: kept on this device, for whoever holds it. */
"use strict";

(() => {
  const NAME = "pocket-letters";
  const root = document.documentElement;
  const kept = () => {
    try {
      return localStorage.getItem(NAME) === "large";
    } catch {
      return false;
    }
  };
  const keep = (large) => {
    try {
      localStorage.setItem(NAME, large ? "large" : "");
    } catch {
      /* A private window: it holds as long as the page does. */
    }
  };
  root.classList.toggle("large", kept());

  document.addEventListener("DOMContentLoaded", () => {
    const line = document.querySelector(".type-size");
    if (!line) return;
    const button = line.querySelector("button");
    const say = () => {
      button.textContent = root.classList.contains("large") ? button.dataset.usual : button.dataset.larger;
    };
    button.addEventListener("click", () => {
      keep(root.classList.toggle("large"));
      say();
    });
    say();
    line.hidden = false;
  });
})();
