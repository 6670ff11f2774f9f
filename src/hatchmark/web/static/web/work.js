// What signed-in pages do besides what their forms do without it. Nothing is lost where it does not run.
"use strict";

// ---- the form of a submission: saved as one types --------------------------------------------------------
//
// A field is sent with the value that this window last knew to be stored; the server saves it only where that still
// stands. What cannot be sent stays in the page and is tried again; leaving asks only while something is unsaved.

(() => {
  const form = document.querySelector("form[data-save]");
  if (!form) return;
  const PAUSE = 700, FIRST_TRY = 1500, LONGEST_PAUSE = 15000;
  const said = document.getElementById("saved"), lost = document.getElementById("lost");
  const fields = [...form.querySelectorAll("[data-code]")].map((box) => ({
    box,
    code: box.dataset.code,
    value: box.querySelector(".hm-value"),
    status: box.querySelector(".hm-status"),
    wasValue: box.querySelector('[name^="was.value."]'),
    wasStatus: box.querySelector('[name^="was.status."]'),
    notes: box.querySelector(".hm-entry-notes"),
    // A field that two windows saved differently, or that cannot be kept, waits for a person.
    waits: null,
    look: false,
  })).filter((field) => field.value);
  const shown = new Map();
  const byCode = new Map(fields.map((field) => [field.code, field]));
  let timer = 0, sending = false, pause = FIRST_TRY;

  const differs = (field) => field.value.value !== field.wasValue.value || field.status.value !== field.wasStatus.value;
  const waiting = (field) => field.waits !== null && field.waits === `${field.status.value}\n${field.value.value}`;
  const unsaved = () => fields.filter(differs);
  const toSend = () => fields.filter((field) => (differs(field) && !waiting(field)) || field.look);
  const later = (after) => { clearTimeout(timer); timer = setTimeout(send, after); };
  const complain = (text) => { lost.textContent = text; lost.hidden = !text; };

  const bodyOf = (chosen) => {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.querySelector('[name="csrfmiddlewaretoken"]').value);
    for (const field of chosen) {
      body.set(`value.${field.code}`, field.value.value);
      body.set(`status.${field.code}`, field.status.value);
      body.set(`was.value.${field.code}`, field.wasValue.value);
      body.set(`was.status.${field.code}`, field.wasStatus.value);
    }
    return body;
  };

  // A session that ended and began again has another token: it is taken from the page as it is now.
  const newToken = async () => {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector('form[data-save] [name="csrfmiddlewaretoken"]');
    if (!token) return false;
    form.querySelector('[name="csrfmiddlewaretoken"]').value = token.value;
    return true;
  };

  const failed = (text) => {
    complain(text);
    said.textContent = form.dataset.saidWait;
    later(pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  };

  async function send() {
    if (sending) return;
    const chosen = toSend();
    if (!chosen.length) return;
    sending = true;
    said.textContent = form.dataset.saidSaving;
    const sent = new Map(chosen.map((field) => [field.code, [field.status.value, field.value.value]]));
    let answer;
    try {
      answer = await fetch(form.dataset.save, {
        method: "POST", body: bodyOf(chosen), credentials: "same-origin", headers: { Accept: "application/json" },
      });
    } catch {
      sending = false;
      failed(form.dataset.saidLost);
      return;
    }
    try {
      const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
      if (answer.ok && isJson && !answer.redirected) {
        show(await answer.json(), sent);
      } else if (answer.status === 409 && isJson) {
        complain((await answer.json()).refused);
        said.textContent = form.dataset.saidWait;
        for (const field of chosen) { field.waits = `${field.status.value}\n${field.value.value}`; field.look = false; }
      } else if (answer.status >= 500) {
        failed(form.dataset.saidLost);
      } else {
        failed(await newToken() ? form.dataset.saidLost : form.dataset.saidSignedOut);
      }
    } catch {
      failed(form.dataset.saidLost);
    } finally {
      sending = false;
      if (lost.hidden && toSend().length) later(PAUSE);
    }
  }

  function show(answer, sent) {
    complain("");
    pause = FIRST_TRY;
    for (const [code, told] of Object.entries(answer.fields)) {
      const field = byCode.get(code);
      if (!field) continue;
      field.look = false;
      const [status, value] = sent.get(code);
      if (told.kept) {
        field.wasStatus.value = status;
        field.wasValue.value = value;
        field.waits = null;
      } else {
        field.waits = `${status}\n${value}`;
        field.stored = { status: told.status, value: told.value };
      }
      field.notes.innerHTML = told.notes;
      field.box.classList.toggle("hm-wrong", told.wrong);
      if (told.wrong) field.value.setAttribute("aria-invalid", "true");
      else field.value.removeAttribute("aria-invalid");
    }
    for (const [id, html] of Object.entries(answer.parts)) {
      const part = document.getElementById(id);
      // What did not change is left alone, so that nothing is read aloud twice and what was unfolded stays open.
      if (!part || shown.get(id) === html) continue;
      const open = part.querySelector("details[open]") !== null;
      part.innerHTML = html;
      shown.set(id, html);
      if (open) part.querySelector("details")?.setAttribute("open", "");
    }
    said.textContent = unsaved().length ? form.dataset.saidWait : answer.said;
  }

  form.addEventListener("input", (event) => {
    if (!event.target.closest("[data-code]")) return;
    said.textContent = form.dataset.saidWait;
    // While the connection is lost the next try is on its way already.
    if (lost.hidden) later(PAUSE);
  });
  form.addEventListener("focusout", () => { if (lost.hidden && toSend().length) later(50); });

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-clash], button[data-use]");
    if (!button) return;
    event.preventDefault();
    const field = byCode.get(button.value);
    if (button.dataset.use !== undefined) {
      field.value.value = button.dataset.use;
    } else {
      if (button.dataset.clash === "theirs") {
        field.status.value = field.stored.status;
        field.value.value = field.stored.value;
      }
      field.wasStatus.value = field.stored.status;
      field.wasValue.value = field.stored.value;
    }
    field.waits = null;
    field.look = true;
    field.value.focus();
    later(0);
  });

  // Whoever types and goes on at once is not asked whether to leave: what is typed is saved first.
  form.addEventListener("click", async (event) => {
    const link = event.target.closest(".hm-actions a");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || !lost.hidden) return;
    if (!sending && !toSend().length) return;
    event.preventDefault();
    for (let tries = 0; tries < 100 && lost.hidden && (sending || toSend().length); tries += 1) {
      if (sending) await new Promise((wake) => { setTimeout(wake, 50); });
      else await send();
    }
    location.href = link.href;
  });

  window.addEventListener("online", () => later(0));
  let leaving = false;
  form.addEventListener("submit", () => { leaving = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && unsaved().length) event.preventDefault();
  });
})();
