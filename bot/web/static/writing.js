// Comfort for writing a reply: the preview under the field. Everything works without it.

const field = document.getElementById("text");
const WAIT = 400;
const MARKED = /[*_[\\]|https:\/\/|^\s*(?:[-+]|\d+[.)])\s/m;

let waiting = 0;
let asked = 0;

async function preview() {
  const place = document.getElementById("preview");
  if (!MARKED.test(field.value)) {
    place.hidden = true;
    return;
  }
  const turn = (asked += 1);
  const answer = await fetch(field.form.dataset.preview, {
    method: "POST",
    headers: { "X-Souffleur-Part": "1" },
    body: new URLSearchParams({ text: field.value }),
  }).catch(() => null);
  if (!answer?.ok || turn !== asked) return; // away, signed out, or something newer is on its way
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("preview");
  document.getElementById("preview").replaceWith(document.importNode(fresh, true));
}

function later() {
  clearTimeout(waiting);
  waiting = setTimeout(preview, WAIT);
}

if (field) {
  document.getElementById("to-preview").hidden = true;
  field.addEventListener("input", later);
  if (field.value) preview();
}
