/* Whoever goes back to a page that is made anew finds the keys of its forms as they were: what was sent is not
   sent again as something new. */
"use strict";

(() => {
  const fields = () => [...document.querySelectorAll('input[name="once"]')];
  const named = () => {
    const met = {};
    return fields().map((field) => {
      const to = field.form?.getAttribute("action") ?? "";
      met[to] = (met[to] ?? 0) + 1;
      return [`${to} ${met[to]}`, field];
    });
  };
  const keep = () => {
    const keys = Object.fromEntries(named().map(([name, field]) => [name, field.value]));
    history.replaceState({ ...history.state, keys }, "");
  };

  // A form that keeps a draft has an address of its own: the page that is made anew finds the draft by it.
  const drafted = document.querySelector("form[data-form]");
  if (drafted) {
    const here = new URL(location.href);
    here.searchParams.set("form", drafted.dataset.form);
    history.replaceState(history.state, "", here);
  }

  const [way] = performance.getEntriesByType("navigation");
  if (way?.type === "back_forward") {
    const keys = history.state?.keys ?? {};
    for (const [name, field] of named()) field.value = keys[name] ?? field.value;
  }
  keep();
  document.addEventListener("htmx:afterSettle", keep);
})();
