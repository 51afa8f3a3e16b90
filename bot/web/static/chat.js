// The live chat. Everything here also works without it: forms that POST, pages that come back.

import { ApiError, Connection, call, newId, post } from "./connection.js";
import { messageElement, ownMessage, trouble } from "./messages.js";

const chat = document.getElementById("chat");
const list = document.getElementById("messages");
const log = document.getElementById("log");
const typing = document.getElementById("typing");
const status = document.getElementById("status");
const newer = document.getElementById("newer");
const composer = document.getElementById("composer");
const field = document.getElementById("message");
const fieldError = document.getElementById("message-error");
const counter = document.getElementById("message-counter");
const LIMIT = Number(chat.dataset.limit);
const TITLE = "Votre conversation – Souffleur";
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const touch = matchMedia("(pointer: coarse)");

let session = chat.dataset.session === "yes";
let sending = Promise.resolve();
let typingTimer;
let unseen = 0;
let presentAt = Date.now();
let scrollingUntil = 0; // while a smooth scroll of ours is under way, the end counts as in view

const connection = new Connection({ after: Number(chat.dataset.after), onMessage: receive, onChange: change, onTrouble: () => location.assign("/") });
if (session) connection.start();
if (list.children.length) showEnd(list.lastElementChild);

// ── Receiving ────────────────────────────────────────────────────────────────────────────────────

function receive(message) {
  const following = nearEnd();
  const mine = message.id && list.querySelector(`[data-id="${CSS.escape(message.id)}"]`);
  const item = messageElement(message);
  if (mine) {
    item.classList.remove("message--new");
    mine.replaceWith(item);
  } else {
    list.append(item);
  }
  if (message.from === "visitor") {
    withdrawChoices(item);
  } else {
    hideTyping();
    notice(item, following);
  }
  if (message.ticket) showTicket(message.ticket);
}

// The same message in other words, or gone: it stays in its place, with the buttons that it still has.
function change(message) {
  const before = list.querySelector(`[data-seq="${Number(message.seq)}"]`);
  if (!before) return;
  const item = messageElement({ ...message, choices: [] });
  item.classList.remove("message--new");
  const choices = before.querySelector(".choices");
  if (choices && !message.deleted) item.append(choices);
  before.replaceWith(item);
  status.textContent = message.deleted ? "Un message a été supprimé." : "Un message a été modifié.";
}

function notice(item, following) {
  if (document.hidden) {
    unseen += 1;
    document.title = `(${unseen}) ${TITLE}`;
  }
  if (following) showEnd(item);
  else newer.hidden = false;
}

// Only what was offered since the visitor's last words can still be chosen.
function withdrawChoices(item) {
  for (let before = item.previousElementSibling; before; before = before.previousElementSibling) {
    before.querySelector(".choices")?.remove();
  }
}

function showTicket(number) {
  const shown = document.getElementById("ticket-number");
  document.getElementById("cards").hidden = false;
  chat.classList.add("chat--ticket");
  if (!shown.textContent.match(new RegExp(`(^|\\D)${number}(\\D|$)`))) {
    shown.textContent = shown.textContent ? `${shown.textContent}, n° ${number}` : `${number}`;
  }
}

// Whether the newest message is in view: only then does the page follow what comes after it.
function nearEnd() {
  const last = list.lastElementChild;
  return !last || Date.now() < scrollingUntil || last.getBoundingClientRect().top < window.innerHeight - chat.querySelector(".dock").offsetHeight;
}

function showEnd(item) {
  newer.hidden = true;
  scrollingUntil = Date.now() + 1000;
  // A long answer is shown from its first line, not its last.
  const tall = item.getBoundingClientRect().height > window.innerHeight * 0.6;
  item.scrollIntoView({ block: tall ? "start" : "end", behavior: calm.matches ? "auto" : "smooth" });
}

new ResizeObserver(([dock]) => {
  document.documentElement.style.scrollPaddingBottom = `${dock.target.offsetHeight + 8}px`;
}).observe(chat.querySelector(".dock"));

newer.addEventListener("click", () => {
  showEnd(list.lastElementChild);
  field.focus({ preventScroll: true });
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  unseen = 0;
  if (list.children.length) document.title = TITLE;
});
window.addEventListener("scroll", () => { if (nearEnd()) newer.hidden = true; }, { passive: true });

function showTyping() {
  clearTimeout(typingTimer);
  typing.hidden = false;
  typingTimer = setTimeout(hideTyping, 12000);
}

function hideTyping() {
  clearTimeout(typingTimer);
  typing.hidden = true;
}

// ── Sending ──────────────────────────────────────────────────────────────────────────────────────

function startTalk() {
  if (chat.classList.contains("chat--started")) return;
  chat.classList.add("chat--started");
  chat.querySelector(".welcome").hidden = true;
  document.getElementById("talk-title").hidden = false;
  document.title = TITLE;
}

function send(message, shown) {
  startTalk();
  const item = ownMessage(message.id, shown);
  list.append(item);
  withdrawChoices(item);
  showEnd(item);
  deliver(message, message.id);
}

// One at a time, so that three quick messages arrive in the order in which they were written.
function deliver(message, id) {
  sending = sending.then(async () => {
    try {
      if (!session) {
        await call("POST", "/api/chat/sessions");
        session = true;
      }
      await post(message);
      confirmSent(id);
    } catch (error) {
      showTrouble(message, id, error);
    }
  });
}

function confirmSent(id) {
  own(id)?.classList.remove("message--sending");
  status.textContent = "Message envoyé.";
  showTyping();
  connection.start();
  connection.expect(id, () => own(id)?.dataset.seq !== undefined);
}

function own(id) {
  return list.querySelector(`[data-id="${CSS.escape(id)}"]`);
}

function showTrouble(message, id, error) {
  if (error instanceof ApiError && (error.code === "still_you" || error.code === "no_session")) {
    location.assign("/");
    return;
  }
  const item = own(id);
  if (!item || item.dataset.seq !== undefined) return;
  item.classList.replace("message--sending", "message--failed");
  const reason = error instanceof ApiError ? error.message : "Vérifiez votre connexion.";
  const line = trouble(`Non envoyé. ${reason}`, () => retry(message, id));
  item.append(line);
  showEnd(item);
}

function retry(message, id) {
  const item = own(id);
  const hadFocus = item?.contains(document.activeElement);
  item?.querySelector(".message__trouble")?.remove();
  item?.classList.replace("message--failed", "message--sending");
  if (hadFocus) field.focus({ preventScroll: true });
  deliver(message, id);
}

window.addEventListener("online", () => {
  list.querySelectorAll(".message--failed .message__trouble button").forEach((button) => button.click());
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("action") !== "/chat") return;
  event.preventDefault();
  const data = new FormData(form, event.submitter);
  const audience = data.get("audience") || undefined;
  if (data.get("choice")) {
    send({ id: newId(), choice: data.get("choice") }, event.submitter.textContent.trim());
    field.focus({ preventScroll: true });
  } else if (form === composer) {
    sendTyped(audience);
  } else {
    send({ id: newId(), text: data.get("text"), audience }, data.get("text"));
    field.focus({ preventScroll: true });
  }
});

// ── Writing ──────────────────────────────────────────────────────────────────────────────────────

composer.noValidate = true;

function sendTyped(audience) {
  const text = field.value.trim().normalize("NFC");
  if (!text) return complain("Écrivez d’abord votre message.");
  if ([...text].length > LIMIT) return complain(`Votre message dépasse ${LIMIT} caractères : raccourcissez-le ou envoyez-le en deux fois.`);
  complain("");
  field.value = "";
  fit();
  send({ id: newId(), text, audience }, text);
  field.focus({ preventScroll: true });
}

function complain(text) {
  fieldError.textContent = text;
  if (text) {
    field.setAttribute("aria-invalid", "true");
    field.focus();
  } else {
    field.removeAttribute("aria-invalid");
  }
}

function fit() {
  if (!CSS.supports("field-sizing", "content")) {
    field.rows = Math.min(6, 1 + (field.value.match(/\n/g) ?? []).length + Math.floor(field.value.length / 60));
  }
  const left = LIMIT - [...field.value.normalize("NFC")].length;
  counter.hidden = left > 500;
  counter.classList.toggle("over", left < 0);
  counter.textContent = left >= 0 ? `Encore ${left} caractères` : `${-left} caractères de trop`;
  if (fieldError.textContent && left >= 0 && field.value.trim()) complain("");
  // Said aloud at a few thresholds only, not at each key.
  if ([500, 100, 0].includes(left)) status.textContent = counter.textContent;
}

field.addEventListener("input", () => {
  fit();
  stay();
});
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && !touch.matches) {
    event.preventDefault();
    composer.requestSubmit();
  }
});

// Whoever is typing is there: the « Est-ce toujours vous ? » need not come.
function stay() {
  if (!session || Date.now() - presentAt < 300000) return;
  presentAt = Date.now();
  call("POST", "/api/chat/presence", {}).catch((error) => {
    if (error instanceof ApiError && !error.passing) location.assign("/");
  });
}

// ── Who asks ─────────────────────────────────────────────────────────────────────────────────────

document.querySelectorAll("[data-audience-chip]").forEach((chip) => {
  chip.addEventListener("click", (event) => {
    event.preventDefault();
    const chosen = chip.getAttribute("aria-current") === "true" ? "" : chip.dataset.audienceChip;
    document.querySelectorAll("[data-audience-chip]").forEach((other) => {
      if (other.dataset.audienceChip === chosen) other.setAttribute("aria-current", "true");
      else other.removeAttribute("aria-current");
    });
    document.querySelectorAll("[data-suggestions]").forEach((section) => {
      section.hidden = section.dataset.suggestions !== (chosen || "general");
    });
    document.querySelectorAll("[data-audience]").forEach((input) => { input.value = chosen; });
    status.textContent = "Questions proposées mises à jour.";
  });
});
fit();
log.classList.add("log--live");
