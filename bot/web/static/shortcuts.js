// Single keys for who works here all day. Never while typing, never with a dialog open, and only if the
// referent has not switched them off; each does what a link or button of the page does.

const button = document.getElementById("show-keys");
const dialog = document.getElementById("keys");
const news = document.getElementById("news");
const LIST = "souffleur-list";
const THEN = 1500;
let before = { key: "", at: 0 };

button.hidden = false;
button.addEventListener("click", () => dialog.showModal());

// ── The list, and from a demand back to it ───────────────────────────────────────────────────────

const rows = () => [...document.querySelectorAll(".list__what a")];
const kept = () => JSON.parse(sessionStorage.getItem(LIST) ?? "null") ?? { at: "/console", demands: [] };

if (document.getElementById("q")) {
  const demands = rows().map((link) => link.getAttribute("href"));
  sessionStorage.setItem(LIST, JSON.stringify({ at: location.pathname + location.search, demands }));
}
const back = document.getElementById("to-list");
if (back) back.href = kept().at;
if (location.hash === "#q") document.getElementById("q")?.focus();

function step(by) {
  const links = rows();
  if (links.length) {
    const at = links.indexOf(document.activeElement);
    const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by;
    if (links[next]) links[next].focus();
    else tell(by > 0 ? "Fin de la liste." : "Début de la liste.");
    return;
  }
  const { demands } = kept();
  const next = demands.indexOf(location.pathname) + by;
  if (demands.includes(location.pathname) && demands[next]) location.assign(demands[next]);
  else tell("Pas d’autre demande dans la liste.");
}

// ── The keys ─────────────────────────────────────────────────────────────────────────────────────

const keys = {
  j: () => step(1),
  k: () => step(-1),
  o: () => { if (rows().includes(document.activeElement)) document.activeElement.click(); },
  "/": () => { if (!use("/")) location.assign("/console#q"); },
  t: () => { if (!use("t")) tell("Il n’y a rien à prendre ici."); },
  r: () => { if (!use("r")) tell("On ne peut pas répondre ici."); },
  e: () => { if (!use("e", "Entrée pour clore la demande.")) tell("Il n’y a rien à clore ici."); },
  i: () => { if (before.key === "g" && Date.now() - before.at < THEN) location.assign(kept().at); },
  g: () => {},
  "?": () => dialog.showModal(),
};

function use(key, words = "") {
  const target = document.querySelector(`[data-key="${key}"]`);
  if (!target) return false;
  if (target.matches("button") && !words) target.click();
  else {
    target.scrollIntoView({ block: "nearest" });
    target.focus();
    if (target.matches("input")) target.select();
    if (words) tell(words);
  }
  return true;
}

function tell(words) {
  news.textContent = "";
  requestAnimationFrame(() => { news.textContent = words; });
}

function typing(target) {
  return target.closest?.("input, textarea, select, [contenteditable]") !== null;
}

document.addEventListener("keydown", (event) => {
  if (!button.dataset.on || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.repeat && event.key !== "j" && event.key !== "k") return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const does = keys[event.key];
  if (does) {
    event.preventDefault();
    does();
  }
  before = { key: event.key, at: Date.now() };
});
