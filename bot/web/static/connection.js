// Talks to the API: sends with the same id until it is answered, and receives by server-sent events,
// or by long polling where those don't get through (some school and office proxies hold them back).

const WAIT = 25;

export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export class ApiError extends Error {
  constructor(status, code, message, retryAfter) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
  // Whether the same request may succeed later without any change.
  get passing() { return this.status >= 500 || this.status === 429; }
}

export async function call(method, path, body, signal) {
  const response = await fetch(path, {
    method,
    signal,
    credentials: "same-origin",
    headers: body === undefined ? { Accept: "application/json" } : { Accept: "application/json", "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const error = answer.error ?? { code: "failed", message: "Le service ne répond pas comme prévu." };
  throw new ApiError(response.status, error.code, error.message, Number(response.headers.get("Retry-After")) || null);
}

export async function post(message) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await call("POST", "/api/chat/messages", message);
    } catch (error) {
      const again = attempt < 2 && (!(error instanceof ApiError) || error.status >= 500);
      if (!again) throw error;
      await pause(800 * (attempt + 1));
    }
  }
}

export class Connection {
  constructor({ after, onMessage, onChange, onTrouble }) {
    this.after = after;
    this.onMessage = onMessage;
    this.onChange = onChange;
    this.onTrouble = onTrouble;
    this.stopped = true;
  }

  start() {
    if (!this.stopped) return;
    this.stopped = false;
    if (window.EventSource && !this.polls) this.listen();
    else this.poll();
  }

  stop() {
    this.stopped = true;
    this.source?.close();
    this.polling?.abort();
  }

  take(message) {
    if (message.seq <= this.after) return;
    this.after = message.seq;
    this.onMessage(message);
  }

  // An earlier message was edited or deleted; changes are counted like messages.
  change(message) {
    if (message.change <= this.after) return;
    this.after = message.change;
    this.onChange(message);
  }

  listen() {
    const source = new EventSource(`/api/chat/events?after=${this.after}`);
    this.source = source;
    const slow = setTimeout(() => this.fallBack(), 6000);
    source.addEventListener("open", () => clearTimeout(slow));
    source.addEventListener("message", (event) => this.take(JSON.parse(event.data)));
    source.addEventListener("change", (event) => this.change(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      // The browser reconnects by itself unless the server refused: polling then learns why.
      if (source.readyState === EventSource.CLOSED) { clearTimeout(slow); this.fallBack(); }
    });
  }

  fallBack() {
    if (this.stopped || this.polls) return;
    this.polls = true;
    this.source?.close();
    this.poll();
  }

  // A message of ours was accepted: if its echo does not come soon, the events are held back somewhere.
  expect(id, seen) {
    setTimeout(() => { if (!seen(id)) this.fallBack(); }, 4000);
  }

  async poll() {
    let failures = 0;
    while (!this.stopped) {
      try {
        this.polling = new AbortController();
        const answer = await call("GET", `/api/chat/messages?after=${this.after}&changes=1&wait=${WAIT}`, undefined, this.polling.signal);
        failures = 0;
        const news = [...answer.messages.map((message) => [message.seq, () => this.take(message)]), ...answer.changes.map((message) => [message.change, () => this.change(message)])];
        news.sort((one, other) => one[0] - other[0]).forEach(([, tell]) => tell());
      } catch (error) {
        if (this.stopped) return;
        if (error instanceof ApiError && !error.passing) { this.stop(); this.onTrouble(error); return; }
        failures += 1;
        await pause(Math.min(1000 * 2 ** failures, 30000));
      }
    }
  }
}
