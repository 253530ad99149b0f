"use strict";
/* What is chosen in a filter by a pointer is shown at once. By keyboard one goes through the choices first: the
   button stays for that, and for whoever has no script. */
(() => {
  let byKey = false;
  document.addEventListener("keydown", () => {
    byKey = true;
  });
  document.addEventListener("pointerdown", () => {
    byKey = false;
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("select")?.form;
    if (!byKey && form?.matches("form.filters[method=get]")) form.requestSubmit();
  });
})();
