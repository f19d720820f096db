// [data-room]: the room of a meeting made live. Without a script all of it is forms.
//
// Clock: [data-clock-since] (epoch seconds) is counted on by the server's clock, [data-now] of the part that holds it.
// Parts: every [data-room-part] with an id is fetched again and put in place where it changed and nobody types in it.
// Forms: [data-room-does] and [data-room-adds] are sent in place; one that the portal refuses is sent the plain way.
// Notes: form[data-room-notes] saves as one types: text and base, the text that this screen had before it. 200 answers
// {"text", "revision"} with what others wrote meanwhile in it; 409 {"current", "sentence"} where both changed a line.
// Keys, outside of fields: d a decision, a an action, n the notes; Escape leaves a field.
const PAUSE = 900;
const POLL = 4000;
const RETRY = 5000;
const TOKEN = /(name="csrfmiddlewaretoken" value=")[^"]*/g;

const bare = (html) => html.replace(TOKEN, "$1").replace(/\s+/g, " ");

class Parts {
  constructor(root) {
    this.root = root;
    this.known = new Map();
    for (const part of document.querySelectorAll("[data-room-part]")) this.known.set(part.id, bare(part.innerHTML));
    this.read(document);
    this.tick();
    setInterval(() => this.tick(), 1000);
    setInterval(() => document.hidden || this.fetch(), POLL);
  }

  read(page) {
    const now = Number(page.querySelector("[data-now]")?.dataset.now);
    if (now) this.ahead = now - Date.now() / 1000;
  }

  tick() {
    for (const shown of document.querySelectorAll("[data-clock-since]")) {
      const seconds = Math.max(0, Math.floor(Date.now() / 1000 + this.ahead - Number(shown.dataset.clockSince)));
      shown.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    }
  }

  async fetch() {
    try {
      const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
      if (answer.ok && !answer.redirected) this.take(await answer.text());
    } catch { /* the next time */ }
  }

  take(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    this.read(page);
    for (const part of page.querySelectorAll("[data-room-part]")) {
      const here = document.getElementById(part.id);
      const html = bare(part.innerHTML);
      if (!here || this.known.get(part.id) === html) continue;
      const held = here.contains(document.activeElement) ? document.activeElement : undefined;
      const place = held && [...here.querySelectorAll("button, a")].indexOf(held);
      here.innerHTML = part.innerHTML;
      if (held) here.querySelectorAll("button, a")[place]?.focus();
      this.known.set(part.id, html);
    }
    this.tick();
  }

  async send(event) {
    const form = event.target;
    if (!form.matches("[data-room-does], [data-room-adds]")) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, event.submitter));
    try {
      const answer = await fetch(form.action, { method: "POST", body });
      if (!answer.redirected || !answer.ok) throw new Error("refused");
      this.take(await answer.text());
      if (form.matches("[data-room-adds]")) form.reset();
    } catch {
      HTMLFormElement.prototype.submit.call(withSubmitter(form, event.submitter));
    }
  }
}

function withSubmitter(form, submitter) {
  if (submitter?.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: submitter.name, value: submitter.value }));
  return form;
}

class Notes {
  constructor(form) {
    this.form = form;
    this.says = form.dataset;
    this.field = form.elements.text;
    this.base = form.elements.base;
    this.key = `room:${form.action}`;
    this.field.addEventListener("input", () => this.typed());
    form.addEventListener("submit", () => this.forget());
    addEventListener("online", () => this.send());
    document.addEventListener("visibilitychange", () => document.hidden && this.send(true));
    this.restore();
    setInterval(() => document.hidden || this.look(), POLL);
  }

  get text() { return this.field.value.replaceAll("\r\n", "\n"); }
  get before() { return this.base.value.replaceAll("\r\n", "\n"); }
  get isSaved() { return this.text === this.before; }

  typed() {
    try { localStorage.setItem(this.key, JSON.stringify({ text: this.text, base: this.before })); } catch { /* saving goes on */ }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), PAUSE);
  }

  forget() {
    try { localStorage.removeItem(this.key); } catch { /* as above */ }
  }

  restore() {
    let kept;
    try { kept = JSON.parse(localStorage.getItem(this.key)); } catch { return; }
    if (!kept || kept.text === this.text) return this.forget();
    this.field.value = kept.text;
    this.base.value = kept.base;
    this.send();
  }

  put(text) {
    const { selectionStart: from, selectionEnd: to, value: old } = this.field;
    let same = 0;
    while (same < old.length && old[same] === text[same]) same += 1;
    const moved = (place) => place <= same ? place : Math.max(same, text.length - (old.length - place));
    this.field.value = text;
    if (document.activeElement === this.field) this.field.setSelectionRange(moved(from), moved(to));
  }

  async look() {
    if (this.sending || this.conflict || !this.isSaved) return;
    try {
      const answer = await fetch(this.form.action, { headers: { Accept: "application/json" } });
      const { text } = await answer.json();
      if (this.sending || this.conflict || !this.isSaved || text === this.before) return;
      this.put(text);
      this.base.value = text;
    } catch { /* the next time */ }
  }

  async send(keepalive = false) {
    if (this.sending || this.conflict || this.isSaved) return;
    this.sending = true;
    this.show("saving");
    const sent = this.text;
    let answer, said;
    try {
      answer = await fetch(this.form.action, {
        method: "POST", keepalive, redirect: "manual", body: new URLSearchParams({ text: sent, base: this.before }),
        headers: { "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value, Accept: "application/json" },
      });
      said = await answer.json().catch(() => ({}));
    } catch { /* no connection */ }
    this.sending = false;
    this.understand(answer, said, sent);
  }

  understand(answer, said, sent) {
    if (answer?.ok) return this.saved(said.text, sent);
    if (answer?.status === 409 && "current" in said) return this.offer(said);
    if (answer && answer.status < 500 && answer.status !== 429) {
      const isOut = answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403;
      return this.show("failed", said.sentence || said.detail || (isOut ? this.says.saysLoggedOut : this.says.saysFailed));
    }
    this.show("offline");
    setTimeout(() => this.send(), RETRY);
  }

  saved(text, sent) {
    if (this.text !== sent) {
      // More was typed while it was on its way: that is written over what was sent, and put together once more.
      this.base.value = sent;
      return this.send();
    }
    if (text !== sent) this.put(text);
    this.base.value = text;
    this.forget();
    this.show("saved");
  }

  offer(said) {
    this.show("conflict", said.sentence);
    const block = Object.assign(document.createElement("div"), { className: "conflict" });
    const texts = Object.assign(document.createElement("div"), { className: "conflict-texts" });
    const settle = (mine) => {
      block.remove();
      this.conflict = undefined;
      this.base.value = said.current;
      if (mine) return this.send();
      this.put(said.current);
      this.forget();
      this.show("saved");
    };
    texts.append(
      this.side(this.says.saysMine, this.text, this.says.saysKeepMine, () => settle(true)),
      this.side(this.says.saysTheirs, said.current, this.says.saysTakeTheirs, () => settle(false)),
    );
    block.append(texts);
    this.conflict = block;
    this.field.closest(".field").after(block);
  }

  side(title, text, label, act) {
    const part = document.createElement("div");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button button-small", textContent: label });
    button.addEventListener("click", () => { act(); this.field.focus(); });
    part.append(
      Object.assign(document.createElement("p"), { className: "strong", textContent: title }),
      Object.assign(document.createElement("p"), { className: "typed", textContent: text || "—" }),
      button,
    );
    return part;
  }

  show(state, sentence) {
    const place = this.form.querySelector("[data-save-state]");
    const words = { saving: "saysSaving", saved: "saysSaved", offline: "saysOffline", failed: "saysFailed", conflict: "saysConflict" };
    place.dataset.state = state;
    place.textContent = sentence || this.says[words[state]] || "";
  }
}

// By their place on the keyboard, so that they are the same whatever alphabet is switched on.
const KEYS = { KeyD: "decision-text", KeyA: "action-title", KeyN: "notes-text" };

function pressed(event) {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (typing) return event.key === "Escape" && typing.blur();
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const field = document.getElementById(KEYS[event.code] ?? "");
  if (!field) return;
  event.preventDefault();
  field.focus();
}

export function start(root) {
  const parts = new Parts(root);
  root.addEventListener("submit", (event) => parts.send(event));
  document.addEventListener("keydown", pressed);
  for (const form of root.querySelectorAll("form[data-room-notes]")) new Notes(form);
}
