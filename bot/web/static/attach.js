// A file for the referent: chosen or dropped, with its progress. Without this the form posts by itself.

import { newId } from "./connection.js";

const LARGEST = 10_000_000;
const chat = document.getElementById("chat");
const form = document.getElementById("attach");
const field = document.getElementById("piece");
const state = document.getElementById("piece-error");
const button = form.querySelector("button");

function say(text, wrong = false) {
  state.textContent = text;
  if (wrong) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}

function send(file) {
  if (!file) return say("Choisissez d’abord un fichier.", true);
  if (file.size > LARGEST) return say("Ce fichier dépasse 10 Mo : envoyez-en un plus petit.", true);
  const data = new FormData();
  data.append("id", newId());
  data.append("piece", file);
  const bar = document.createElement("progress");
  bar.className = "attach__bar";
  bar.max = 1;
  bar.setAttribute("aria-label", `Envoi de ${file.name}`);
  state.before(bar);
  button.disabled = true;
  say("Envoi en cours…");
  // fetch tells nothing about what has left; this does.
  const request = new XMLHttpRequest();
  request.open("POST", "/api/chat/pieces");
  request.setRequestHeader("Accept", "application/json");
  request.responseType = "json";
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = event.loaded / event.total;
  });
  request.addEventListener("loadend", () => {
    bar.remove();
    button.disabled = false;
    if (request.status === 202) {
      form.reset();
      say("Fichier envoyé.");
    } else if (request.status === 401 || request.status === 403) {
      location.assign("/");
    } else {
      say(request.response?.error?.message ?? "Non envoyé. Vérifiez votre connexion, puis réessayez.", true);
    }
  });
  request.send(data);
}

form.noValidate = true;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  send(field.files[0]);
});

// Dropping works while a demand is open, which is when the form is shown.
function droppable(event) {
  return form.offsetParent !== null && [...event.dataTransfer.types].includes("Files");
}

document.addEventListener("dragover", (event) => {
  if (!droppable(event)) return;
  event.preventDefault();
  chat.classList.add("chat--dropping");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) chat.classList.remove("chat--dropping");
});
document.addEventListener("drop", (event) => {
  chat.classList.remove("chat--dropping");
  if (!droppable(event)) return;
  event.preventDefault();
  send(event.dataTransfer.files[0]);
});
