// Comfort for the console; everything works without it.

import { live, look } from "./live.js";

const WARN_AT = 120;

// On a phone the menu moves sideways: it begins where one is. Only the menu is moved, never the page.
const here = document.querySelector(".nav [aria-current]");
if (here) here.closest(".nav").scrollLeft = here.offsetLeft - 24;

const news = document.getElementById("news");
const idle = document.getElementById("idle");
const ended = document.getElementById("ended");
const leftShown = document.getElementById("idle-left");
let endsAt = 0;

// ── Until when ───────────────────────────────────────────────────────────────────────────────────

function countFrom(line) {
  endsAt = Date.now() + Number(line.dataset.left) * 1000;
}

function tick() {
  const left = Math.round((endsAt - Date.now()) / 1000);
  if (left <= 0) return end();
  if (left > WARN_AT) {
    if (idle.open) idle.close();
    return undefined;
  }
  leftShown.textContent = left >= 60 ? `${Math.ceil(left / 60)} minute${left > 60 ? "s" : ""}` : `${left} secondes`;
  if (!idle.open && !ended.open && !idle.dataset.dismissed) idle.showModal();
  return undefined;
}

idle.addEventListener("cancel", () => { idle.dataset.dismissed = "yes"; });

document.getElementById("stay").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const answer = await fetch(form.action, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams({ form: crypto.randomUUID?.() ?? String(Math.random()) }),
  }).catch(() => null);
  if (answer?.status === 401) return end();
  if (answer?.ok) {
    const { seconds_left: left, ends_at: at } = await answer.json();
    const line = document.getElementById("session");
    line.dataset.left = left;
    line.textContent = `Sans activité, votre session se termine à ${at}.`;
    countFrom(line);
    delete idle.dataset.dismissed;
    idle.close();
    news.textContent = `Vous restez connecté, jusqu’à ${at} sans activité.`;
  }
  return undefined;
});

function end() {
  if (ended.open) return;
  const typed = [...document.querySelectorAll("textarea, input:not([type=hidden])")].some((field) => field.value !== field.defaultValue);
  if (!typed) {
    location.assign("/console/login");
    return;
  }
  idle.close();
  document.body.classList.add("console--ended");
  ended.showModal();
}

ended.addEventListener("cancel", (event) => event.preventDefault());
document.getElementById("back").addEventListener("click", async () => {
  const answer = await fetch("/console/profil").catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  ended.close();
  document.body.classList.remove("console--ended");
  look();
});

countFrom(document.getElementById("session"));
setInterval(tick, 1000);
live({ signedOut: end, session: countFrom, paused: () => ended.open });

// ── Writing ──────────────────────────────────────────────────────────────────────────────────────

document.querySelectorAll("[data-draft]").forEach((field) => {
  const keys = field.form.querySelector(".keys");
  if (keys && matchMedia("(pointer: fine)").matches) keys.hidden = false;
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
      event.preventDefault();
      field.form.requestSubmit(field.form.querySelector("button:not([name])"));
    }
  });
});

document.querySelectorAll("[data-copy]").forEach((button) => {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    news.textContent = "Lien copié.";
    button.textContent = "Copié";
  });
});
