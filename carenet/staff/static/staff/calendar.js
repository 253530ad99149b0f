"use strict";
/* A day may be looked up in the browser's calendar; what is chosen there stands in the field as if typed. */
(() => {
  const two = (number) => String(number).padStart(2, "0");
  const written = (day) => `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;

  const picker = (button, field) => {
    const made = document.createElement("input");
    made.type = button.dataset.calendar;
    made.className = "unseen";
    made.tabIndex = -1;
    made.ariaHidden = "true";
    const today = written(new Date());
    made.value = made.type === "date" ? today : `${today}T09:00`;
    made.addEventListener("change", () => {
      if (!made.value) return;
      field.value = made.value.replace("T", " ");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    button.after(made);
    return made;
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-calendar]");
    const field = button?.closest(".field")?.querySelector("input[hx-post]");
    if (!field) return;
    const there = button.parentElement.querySelector("input[aria-hidden]") || picker(button, field);
    there.showPicker();
  });
})();
