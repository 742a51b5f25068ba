// Small conveniences over pages that work without them: nothing here is needed to read, quote or sign in.
"use strict";

const find = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// What only a script can do is hidden until there is one.
for (const element of all("[data-print], [data-expand], [data-script], [data-poll]")) element.hidden = false;

// Print, with every step open.
find("[data-print]")?.addEventListener("click", () => print());
addEventListener("beforeprint", () => { for (const step of all(".step")) step.open = true; });

// Open and close all steps.
for (const button of all("[data-expand]")) {
  const more = button.textContent;
  button.addEventListener("click", () => {
    const steps = all(button.dataset.expand);
    const open = !steps.every(step => step.open);
    for (const step of steps) step.open = open;
    button.textContent = open ? button.dataset.less : more;
  });
}

// A filter applies when a choice is made. A date that is still being typed is no choice.
for (const form of all("form[data-auto]")) {
  form.addEventListener("change", event => { if (event.target.type !== "date" && form.reportValidity()) form.requestSubmit(); });
}

// Rows that hold what is searched for.
for (const input of all("[data-search]")) {
  const rows = all(input.dataset.search).map(row => [row, row.textContent.toLowerCase()]);
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase();
    for (const [row, text] of rows) row.hidden = !text.includes(wanted);
  });
}

// A slider and its figure move together.
for (const slider of all("[data-pair]")) {
  const figure = document.getElementById(slider.dataset.pair);
  slider.addEventListener("input", () => { figure.value = slider.value; figure.dispatchEvent(new Event("input", { bubbles: true })); });
  figure.addEventListener("input", event => { if (event.isTrusted) slider.value = figure.value; });
}

// A form whose results follow what is put in: the newest answer counts.
for (const form of all("form[data-live]")) {
  const results = find(form.dataset.live);
  let waiting, asked = 0;
  const renew = async () => {
    if (!form.checkValidity()) return;
    const mine = ++asked;
    results.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.dataset.source, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "error" });
      const html = await answer.text();
      if (mine === asked && answer.ok) results.innerHTML = html;
      else if (!answer.ok) form.submit(); // the whole page says why
    } catch {
      form.submit(); // signed out, or the server is gone: let the browser say so
    } finally {
      if (mine === asked) results.removeAttribute("aria-busy");
    }
  };
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(renew, 200); });
  form.addEventListener("submit", event => { event.preventDefault(); clearTimeout(waiting); renew(); });
}

// A part that is fetched again and again while it is looked at.
for (const button of all("[data-poll]")) {
  const part = find(button.dataset.poll), pause = button.textContent;
  let paused = false;
  const renew = async () => {
    if (!paused && !document.hidden) {
      try {
        const answer = await fetch(button.dataset.source, { redirect: "error" });
        if (answer.ok) part.innerHTML = await answer.text();
      } catch {
        paused = true;
        location.reload();
      }
    }
    setTimeout(renew, Number(button.dataset.every));
  };
  button.addEventListener("click", () => {
    paused = !paused;
    button.setAttribute("aria-pressed", String(paused));
    button.textContent = paused ? button.dataset.paused : pause;
  });
  setTimeout(renew, Number(button.dataset.every));
}

// Back to where the refused form was.
find("[data-back]")?.addEventListener("click", event => { if (history.length > 1) { event.preventDefault(); history.back(); } });
