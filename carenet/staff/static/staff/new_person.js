/* Where the search finds nobody, the box of a new person opens, and the name that was searched stands in it unless
   another one was typed. Without a script the page that is answered does the same. */
"use strict";

(() => {
  const people = document.getElementById("people");
  const NAMES = ["family_name", "given_name"];
  // What the server says of a search that was in vain: the parts of the name, by field.
  const taken = () => {
    const { familyName = "", givenName = "" } = people.querySelector("[name=searched]")?.dataset ?? {};
    return { family_name: familyName, given_name: givenName };
  };
  let before = taken();

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== people) return;
    if (people.querySelector("[role=alert]")) return; // too many searches: nobody was looked for
    const now = taken();
    for (const name of NAMES) {
      const field = document.querySelector(`[name=${name}]`);
      if (!["", before[name]].includes(field.value) || field.value === now[name]) continue;
      field.value = now[name];
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    before = now;
    if (people.querySelector("[name=searched]")) people.parentElement.querySelector("details").open = true;
  });
})();
