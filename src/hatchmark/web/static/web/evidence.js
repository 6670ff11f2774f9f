// Uploads with progress: a file goes up in pieces, and after a break goes on where it broke off.
//
// Without this the form sends one file whole. With it each file is announced, then sent piece by piece; what the server
// says it has received decides where the next piece begins. A file that was begun before is gone on with once its first
// and its last piece there are the same as here.
"use strict";

(() => {
  const form = document.querySelector("form[data-upload]");
  if (!form) return;
  const CHUNK = Number(form.dataset.chunk), FIRST_PAUSE = 1000, LONGEST_PAUSE = 15000, TRIES = 40;
  const chooser = form.querySelector('input[type="file"]'), list = form.querySelector(".hm-uploads");
  const button = form.querySelector('button[type="submit"]');
  const said = form.dataset;
  chooser.multiple = true;
  let running = false;

  const token = () => form.querySelector('[name="csrfmiddlewaretoken"]').value;
  const sleep = (pause) => new Promise((done) => { setTimeout(done, pause); });

  // What no retry mends: the server said no.
  class Refused extends Error {}

  // A network that is gone, a server that restarts: tried again, ever more slowly, and at once when the line is back.
  async function ask(line, address, options) {
    let pause = FIRST_PAUSE;
    for (let tried = 1; ; tried += 1) {
      try {
        const answer = await fetch(address, { credentials: "same-origin", ...options, headers: { Accept: "application/json", "X-CSRFToken": token(), ...options.headers } });
        const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
        if (isJson && !answer.redirected) return { status: answer.status, told: await answer.json() };
        if (answer.status < 500) throw new Refused(said.saidSignedOut);
      } catch (error) {
        if (error instanceof Refused) throw error;
      }
      if (tried === TRIES) throw new Refused(said.saidFailed);
      line.say(said.saidRetry, true);
      await Promise.race([sleep(pause), new Promise((done) => { window.addEventListener("online", done, { once: true }); })]);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }

  function lineOf(file) {
    const item = document.createElement("li"), name = document.createElement("span"), bar = document.createElement("progress"), state = document.createElement("span");
    name.className = "hm-upload-name";
    name.textContent = file.name;
    bar.max = Math.max(file.size, 1);
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    state.className = "hm-upload-state";
    item.append(name, bar, state);
    list.append(item);
    const line = {
      item,
      say(text, lost = false) { state.textContent = text; item.classList.toggle("hm-upload-lost", lost); },
      show(received) {
        bar.value = received;
        line.say(`${said.saidSending} ${Math.floor((100 * received) / Math.max(file.size, 1))}%`);
      },
    };
    line.say(said.saidWait);
    return line;
  }

  async function piece(line, address, file, offset, end) {
    const body = file.slice(offset, end);
    return ask(line, address, {
      method: "PUT", body, headers: { "Content-Type": "application/octet-stream", "Upload-Offset": String(offset) },
    });
  }

  async function send(file, line) {
    const facts = new FormData();
    facts.set("name", file.name);
    facts.set("size", String(file.size));
    for (const name of ["figure", "version"]) {
      const field = form.querySelector(`[name="${name}"]`);
      if (field) facts.set(name, field.value);
    }
    const begun = await ask(line, form.action, { method: "POST", body: facts });
    if (begun.status !== 201) throw new Refused(begun.told.refused);
    const { address } = begun.told;
    let { received } = begun.told;
    const check = async (offset, end) => {
      const answer = await piece(line, address, file, offset, end);
      if (answer.status !== 200) throw new Refused(answer.told.refused);
    };
    if (received > 0) {
      await check(0, Math.min(CHUNK, received));
      if (received > CHUNK) await check(received - CHUNK, received);
    }
    line.show(received);
    for (let wrong = 0; received < file.size; ) {
      const end = Math.min(received + CHUNK, file.size);
      if (end === file.size) line.say(said.saidChecking);
      const answer = await piece(line, address, file, received, end);
      if (answer.status === 409 && typeof answer.told.received === "number" && !answer.told.differs && wrong < TRIES) {
        // An answer was lost on its way: what the server has counts.
        wrong += 1;
      } else if (answer.status !== 200) {
        throw new Refused(answer.told.refused);
      }
      ({ received } = answer.told);
      line.show(received);
    }
    line.say(said.saidDone);
    line.item.classList.add("hm-upload-done");
  }

  form.addEventListener("submit", async (event) => {
    if (!chooser.files.length) return;
    event.preventDefault();
    if (running) return;
    running = true;
    button.disabled = true;
    list.hidden = false;
    list.replaceChildren();
    const lines = [...chooser.files].map((file) => [file, lineOf(file)]);
    let failed = false;
    for (const [file, line] of lines) {
      try {
        await send(file, line);
      } catch (error) {
        failed = true;
        line.item.classList.add("hm-upload-failed");
        line.say(error instanceof Refused ? `${said.saidFailed} · ${error.message}` : said.saidFailed);
      }
    }
    running = false;
    button.disabled = false;
    chooser.value = "";
    if (!failed) {
      location.assign(location.href.split("#")[0]);
      return;
    }
    // The reasons stay to be read; the list below shows what has come.
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.getElementById("files-here");
      if (now) document.getElementById("files-here").replaceWith(now);
    } catch {
      // Without a line the list is as old as the page.
    }
  });

  window.addEventListener("beforeunload", (event) => { if (running) event.preventDefault(); });
})();
