// What is new, as it comes. One tab of a browser asks (a question that waits for its answer) and tells the
// others. Nothing here writes HTML from text: fresh parts come from the page's own URL, already escaped.

const LIVE = { "X-Souffleur-Live": "1" };
const WAIT = 25;
const AGAIN = 5000;
const AGES = 60000;
const DELIVERED = 5000;

const news = document.getElementById("news");
const lost = document.getElementById("lost");
const title = document.title.replace(/^\(\d+\) /, "");
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("souffleur-console") : null;
let mark = "";
let house = { signedOut() {}, session() {}, paused: () => false };

export function live(given) {
  house = given;
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  setInterval(() => { if (!document.hidden && !house.paused()) look(); }, AGES);
  setInterval(() => { if (!document.hidden && document.querySelector(".delivery--waiting")) look(); }, DELIVERED);
  tabs?.addEventListener("message", (event) => heard(event.data));
  if (navigator.locks && tabs) navigator.locks.request("souffleur-console", follow);
  else follow();
}

// ── Going elsewhere ─────────────────────────────────────────────────────────────────────────────

const SOON = 300;

function leaving(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  setTimeout(() => {
    document.body.classList.add("console--loading");
    news.textContent = "Chargement…";
  }, SOON);
}

document.querySelectorAll(".find").forEach((form) => form.addEventListener("submit", leaving));
document.addEventListener("click", (event) => { if (event.target.closest(".tabs a, .paging a, .chip")) leaving(event); });
addEventListener("pageshow", () => document.body.classList.remove("console--loading"));

// ── Asking ───────────────────────────────────────────────────────────────────────────────────────

async function follow() {
  for (let wait = 0; ; wait = WAIT) {
    const answer = await ask(`/console/nouvelles?depuis=${mark}&attendre=${wait}`);
    if (answer === "over") return;
    if (answer?.ok) {
      const found = await answer.json().catch(() => null);
      if (found && found.mark !== mark) {
        tabs?.postMessage(found);
        heard(found);
      }
    } else await new Promise((resume) => { setTimeout(resume, AGAIN); });
  }
}

async function ask(address) {
  let answer;
  try {
    answer = await fetch(address, { headers: LIVE });
  } catch {
    missing();
    return null;
  }
  if (answer.status === 401) {
    house.signedOut();
    return "over";
  }
  if (answer.ok) lost.hidden = true;
  else missing();
  return answer;
}

function missing() {
  if (!lost.hidden) return;
  const at = new Date().toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" });
  lost.textContent = `Connexion perdue : cette page date de ${at}. Nouvel essai dans quelques secondes…`;
  lost.hidden = false;
}

function heard(found) {
  const first = !mark;
  mark = found.mark;
  document.title = found.unread ? `(${found.unread}) ${title}` : title;
  if (!first && !document.hidden && !house.paused()) look();
}

// ── Showing ──────────────────────────────────────────────────────────────────────────────────────

export async function look() {
  const answer = await ask(location.pathname + location.search);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.querySelectorAll("[data-live]").forEach((part) => {
    const other = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
    if (other && !part.isEqualNode(other) && !writing(part)) replace(part, other);
  });
  house.session(document.getElementById("session"));
}

function writing(part) {
  return part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select");
}

function replace(part, other) {
  const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  const copy = document.importNode(other, true);
  const folded = [...part.querySelectorAll("details")];
  copy.querySelectorAll("details").forEach((one, index) => { one.open = folded[index]?.open ?? one.open; });
  part.replaceWith(copy);
  if (focused) copy.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  const { announce, announced } = copy.dataset;
  const count = (place) => place.querySelectorAll(announced).length;
  if (announce && count(copy) > count(part)) news.textContent = announce;
}
