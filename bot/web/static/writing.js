// Comfort for writing a reply: the preview under the field, and what is inserted goes to the cursor.
// Everything works without it; both ask the server, which alone knows what a text becomes.

const field = document.getElementById("text");
const WAIT = 400;
const MARKED = /[*_[\\]|https:\/\/|^\s*(?:[-+]|\d+[.)])\s/m;
const PART = { "X-Souffleur-Part": "1" };

let waiting = 0;
let asked = 0;

async function preview() {
  const place = document.getElementById("preview");
  if (!MARKED.test(field.value)) {
    place.hidden = true;
    return;
  }
  const turn = (asked += 1);
  const body = new URLSearchParams({ text: field.value });
  const answer = await fetch(field.form.dataset.preview, { method: "POST", headers: PART, body }).catch(() => null);
  if (!answer?.ok || turn !== asked) return; // away, signed out, or something newer is on its way
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("preview");
  document.getElementById("preview").replaceWith(document.importNode(fresh, true));
}

function later() {
  clearTimeout(waiting);
  waiting = setTimeout(preview, WAIT);
}

// ── Inserting ────────────────────────────────────────────────────────────────────────────────────

function put(text) {
  const before = field.value.slice(0, field.selectionStart);
  const after = field.value.slice(field.selectionEnd);
  // A link of one line stands within a sentence; anything longer gets lines of its own.
  const apart = text.includes("\n") ? "\n\n" : " ";
  const start = before && !/\s$/.test(before) ? apart : "";
  const end = after && !/^\s/.test(after) ? apart : "";
  field.setRangeText(start + text + end, field.selectionStart, field.selectionEnd, "end");
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

async function insert(event) {
  event.preventDefault();
  const button = event.currentTarget;
  const body = new URLSearchParams(new FormData(field.form, button));
  const answer = await fetch(button.formAction, { method: "POST", headers: PART, body }).catch(() => null);
  const news = document.getElementById("news");
  if (!answer) {
    news.textContent = "Rien n’est inséré : la connexion est perdue.";
  } else if (answer.ok) {
    put(await answer.text());
    const shared = button.value.match(/^type:(\d+)$/);
    if (shared) document.getElementById("partagees").value += ` ${shared[1]}`;
    news.textContent = "C’est inséré dans votre réponse.";
  } else {
    // Signed out, or no longer there: the page itself says why.
    field.form.requestSubmit(button);
  }
}

if (field) {
  document.getElementById("to-preview").hidden = true;
  field.addEventListener("input", later);
  if (field.value) preview();
  document.querySelectorAll("[data-insert]").forEach((button) => button.addEventListener("click", insert));
}
