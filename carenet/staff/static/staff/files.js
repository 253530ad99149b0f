/* A file that would be refused for its size is told of before it is sent, and nothing else on the page is lost. */
"use strict";

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || !input.dataset.mostBytes) return;
  const most = Number(input.dataset.mostBytes);
  const large = [...input.files].some((file) => file.size > most);
  input.setCustomValidity(large ? input.dataset.tooLarge : "");
  input.reportValidity();
});
