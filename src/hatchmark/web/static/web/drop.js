// Lets a file be dropped anywhere on the form, and says before sending that one is too large.
// Without this script the field takes a dropped file as every browser lets it, and the server says the rest.
(() => {
  "use strict";
  const form = document.querySelector("form[data-most-bytes]");
  const input = form && form.querySelector("input[type=file]");
  const said = form && form.querySelector("[data-said]");
  if (!form || !input || !said) return;
  const area = input.closest(".hm-drop");
  const say = (text, wrong) => {
    said.textContent = text;
    said.classList.toggle("hm-fault", Boolean(wrong));
  };
  const fits = () => {
    const file = input.files[0];
    if (!file) return true;
    const tooLarge = file.size > Number(form.dataset.mostBytes);
    say(tooLarge ? form.dataset.tooLarge : file.name, tooLarge);
    return !tooLarge;
  };
  let inside = 0;
  const holdsFile = (event) => [...event.dataTransfer.types].includes("Files");
  form.addEventListener("dragenter", (event) => {
    if (!holdsFile(event)) return;
    event.preventDefault();
    inside += 1;
    area.classList.add("hm-drop-over");
  });
  form.addEventListener("dragleave", () => {
    inside = Math.max(0, inside - 1);
    if (!inside) area.classList.remove("hm-drop-over");
  });
  form.addEventListener("dragover", (event) => {
    if (holdsFile(event)) event.preventDefault();
  });
  form.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    inside = 0;
    area.classList.remove("hm-drop-over");
    input.files = event.dataTransfer.files;
    if (fits()) form.requestSubmit(form.querySelector("button[type=submit]"));
  });
  input.addEventListener("change", fits);
  form.addEventListener("submit", (event) => {
    if (!fits()) event.preventDefault();
    else if (!event.submitter || event.submitter.value !== "json") say(form.dataset.working);
  });
})();
