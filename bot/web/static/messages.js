// Builds messages from the API's JSON. Text only ever becomes text nodes; HTML is rebuilt element by element
// from a short list, so that even a faulty server answer could not bring anything else into the page.

const ALLOWED = new Set(["P", "BR", "UL", "OL", "LI", "STRONG", "EM", "A"]);
const NAMES = { visitor: "Vous", bot: "Souffleur", referent: "Référent du pass Culture" };
const CLOCK = new Intl.DateTimeFormat("fr-FR", { hour: "2-digit", minute: "2-digit" });

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

function rebuilt(node) {
  if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.data)];
  if (node.nodeType !== Node.ELEMENT_NODE) return [];
  const children = [...node.childNodes].flatMap(rebuilt);
  if (!ALLOWED.has(node.tagName)) return children;
  const made = element(node.tagName.toLowerCase());
  if (node.tagName === "OL" && /^\d+$/.test(node.getAttribute("start") ?? "")) made.setAttribute("start", node.getAttribute("start"));
  if (node.tagName === "A" && /^(https?:|mailto:)/i.test(node.getAttribute("href") ?? "")) {
    made.setAttribute("href", node.getAttribute("href"));
    made.setAttribute("rel", "noopener noreferrer");
    made.setAttribute("target", "_blank");
  }
  made.append(...children);
  return [made];
}

export function safe(html) {
  return [...new DOMParser().parseFromString(html, "text/html").body.childNodes].flatMap(rebuilt);
}

function heading(from, at) {
  const moment = new Date(at);
  return element("p", { class: "message__who" },
    element("span", { class: "message__name" }, NAMES[from]), " ",
    element("time", { datetime: at }, Number.isNaN(moment.getTime()) ? "" : CLOCK.format(moment)));
}

function choices(list) {
  const group = element("div", { class: "choices__list", role: "group", "aria-label": "Réponses proposées" });
  for (const choice of list) {
    group.append(element("button", { class: "button choice", name: "choice", value: choice.id }, choice.label));
  }
  return element("form", { class: "choices", method: "post", action: "/chat" }, group);
}

// Files of the conversation: only our own addresses become links.
function pieces(files) {
  const group = element("ul", { class: "pieces", "aria-label": "Pièces jointes" });
  for (const file of files) {
    if (!/^\/chat\/pieces\/\d+$/.test(file.url)) continue;
    const words = file.size ? `${file.name} (${file.size})` : file.name;
    group.append(element("li", {}, element("a", { href: file.url, download: "" }, words)));
  }
  return group;
}

export function messageElement(message) {
  const item = element("li", { class: `message message--${message.from} message--new`, "data-seq": message.seq, "data-id": message.id },
    heading(message.from, message.at),
    element("div", { class: "message__body" }, ...safe(message.html)));
  if (message.edited) item.firstChild.append(" ", element("span", { class: "message__edited" }, "(modifié)"));
  if (message.files?.length) item.append(pieces(message.files));
  if (message.choices.length) item.append(choices(message.choices));
  return item;
}

export function ownMessage(id, text) {
  return element("li", { class: "message message--visitor message--sending message--new", "data-id": id },
    heading("visitor", new Date().toISOString()),
    element("div", { class: "message__body" }, element("p", {}, text)));
}

export function trouble(text, onRetry) {
  const button = element("button", { class: "button", type: "button" }, "Réessayer");
  button.addEventListener("click", onRetry);
  return element("p", { class: "message__trouble" }, element("span", { role: "alert" }, text), button);
}
