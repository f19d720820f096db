// form[data-autosave="unique key"]: every field is saved to the form's action soon after it changes.
//
// Sends POST field=<name>, <name>=<values…>, revision=<number> with the CSRF header and Accept: application/json.
// Expects 200 {"revision": 8}; 409 {"current": "…", "sentence": "…", "revision": 9}; 400 or 422 {"sentence": "…"}.
// The revision is the field's data-revision, the form's <input name="revision-<name>"> or its <input name="revision">.
// What was typed is kept in localStorage until the server has confirmed it. All words are data-says-* attributes of the
// form. A [data-answer] around the inputs of one name is where a conflict is shown.
const PAUSE = 900;
const RETRY = [2000, 5000, 15000, 30000];

const csrf = (form) => form.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
const same = (left, right) => JSON.stringify(left) === JSON.stringify(right);

class Autosave {
  constructor(form) {
    this.form = form;
    this.says = form.dataset;
    this.waiting = new Map();
    this.timers = new Map();
    this.sending = undefined;
    this.tries = 0;
    form.addEventListener("input", (event) => this.changed(event.target, PAUSE));
    form.addEventListener("change", (event) => this.changed(event.target, 0));
    form.addEventListener("submit", (event) => this.submitted(event));
    addEventListener("online", () => this.send());
    document.addEventListener("visibilitychange", () => document.hidden && this.flush());
    this.restore();
  }

  names() {
    const skipped = new Set(["csrfmiddlewaretoken", "revision", "next"]);
    return new Set([...this.form.elements].filter((field) => field.name && !skipped.has(field.name) && !field.name.startsWith("revision-") && !["file", "submit"].includes(field.type)).map((field) => field.name));
  }

  fields(name) {
    return [...this.form.elements].filter((field) => field.name === name);
  }

  value(name) {
    return new FormData(this.form).getAll(name).map(String);
  }

  put(name, values) {
    // Several inputs of one name are one answer: what is ticked comes first, then the written ones in their order.
    const fields = this.fields(name);
    const written = fields.filter((field) => field.type !== "checkbox" && field.type !== "radio" && !field.multiple);
    const words = written.length ? values.slice(-written.length) : [];
    written.forEach((field, index) => { field.value = words[index] ?? ""; });
    for (const field of fields) {
      if (field.multiple && field.options) for (const option of field.options) option.selected = values.includes(option.value);
      else if (!written.includes(field)) field.checked = values.includes(field.value);
    }
  }

  revisionHolder(name) {
    return this.fields(name).find((field) => field.dataset.revision !== undefined)
      ?? this.form.elements[`revision-${name}`] ?? this.form.elements.revision;
  }

  revision(name) {
    const holder = this.revisionHolder(name);
    return holder?.dataset.revision ?? holder?.value ?? "";
  }

  setRevision(name, revision) {
    const holder = this.revisionHolder(name);
    if (!holder || revision === undefined) return;
    if (holder.dataset.revision === undefined) holder.value = revision;
    else holder.dataset.revision = revision;
  }

  key(name) {
    return `autosave:${this.says.autosave || this.form.action}:${name}`;
  }

  keep(name, values) {
    try {
      localStorage.setItem(this.key(name), JSON.stringify({ values, revision: this.revision(name) }));
    } catch { /* a full or forbidden store must not stop the saving itself */ }
  }

  forget(name) {
    try { localStorage.removeItem(this.key(name)); } catch { /* as above */ }
  }

  restore() {
    for (const name of this.names()) {
      let kept;
      try { kept = JSON.parse(localStorage.getItem(this.key(name))); } catch { continue; }
      if (!kept) continue;
      if (same(kept.values, this.value(name))) { this.forget(name); continue; }
      this.put(name, kept.values);
      this.setRevision(name, kept.revision);
      this.waiting.set(name, kept.values);
    }
    if (this.waiting.size) this.send();
  }

  changed(field, pause) {
    const name = field.name;
    if (!this.names().has(name) || this.form.querySelector(`[data-conflict="${name}"]`)) return;
    const values = this.value(name);
    if (!this.waiting.has(name) && pause === 0 && this.sent === name && same(this.sentValues, values)) return;
    this.waiting.set(name, values);
    this.keep(name, values);
    clearTimeout(this.timers.get(name));
    this.timers.set(name, setTimeout(() => this.send(), pause));
  }

  async send() {
    if (this.sending || !this.waiting.size) return;
    const [name] = this.waiting.keys();
    const values = this.value(name);
    this.waiting.delete(name);
    this.show("saving", name);
    this.sending = this.post(name, values);
    const again = await this.sending;
    this.sending = undefined;
    if (again === "later") {
      if (!this.waiting.has(name)) this.waiting.set(name, values);
      setTimeout(() => this.send(), RETRY[Math.min(this.tries++, RETRY.length - 1)]);
    } else {
      this.tries = 0;
      this.send();
    }
  }

  async post(name, values, keepalive = false) {
    const body = new URLSearchParams([["field", name], ["revision", this.revision(name)], ...values.map((value) => [name, value])]);
    let answer;
    try {
      answer = await fetch(this.form.action, {
        method: "POST", body, keepalive, redirect: "manual",
        headers: { "X-CSRFToken": csrf(this.form), Accept: "application/json" },
      });
    } catch {
      this.show("offline", name);
      return "later";
    }
    const said = await answer.json().catch(() => ({}));
    return this.understand(answer, said, name, values);
  }

  understand(answer, said, name, values) {
    if (answer.ok) {
      this.setRevision(name, said.revision);
      this.sent = name;
      this.sentValues = values;
      if (same(values, this.value(name))) this.forget(name);
      this.show("saved", name);
      return "done";
    }
    if (answer.status === 409 && "current" in said) {
      this.setRevision(name, said.revision);
      this.show("conflict", name, said.sentence);
      this.offer(name, values, said);
      return "done";
    }
    if (answer.status >= 500 || answer.status === 429) {
      this.show("offline", name, said.sentence || this.says.saysFailed);
      return "later";
    }
    const loggedOut = answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403;
    this.show("failed", name, said.sentence || said.detail || (loggedOut ? this.says.saysLoggedOut : this.says.saysFailed));
    return "done";
  }

  offer(name, values, said) {
    const block = document.createElement("div");
    block.className = "conflict";
    block.dataset.conflict = name;
    const texts = document.createElement("div");
    texts.className = "conflict-texts";
    texts.append(
      this.side(this.says.saysMine, values.join(", "), this.says.saysKeepMine, () => { block.remove(); this.waiting.set(name, values); this.send(); }),
      this.side(this.says.saysTheirs, String(said.current ?? ""), this.says.saysTakeTheirs, () => {
        block.remove();
        this.put(name, [].concat(said.current ?? ""));
        this.forget(name);
        this.show("saved", name);
      }),
    );
    block.append(texts);
    const field = this.fields(name).at(-1);
    (field.closest("[data-answer]") ?? field.closest(".field") ?? field).append(block);
    block.querySelector("button").focus();
  }

  side(title, text, label, act) {
    const part = document.createElement("div");
    const head = Object.assign(document.createElement("p"), { className: "strong", textContent: title });
    const body = Object.assign(document.createElement("p"), { className: "typed", textContent: text || "—" });
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button button-small", textContent: label });
    button.addEventListener("click", () => { act(); this.fields(part.closest("[data-conflict]")?.dataset.conflict ?? "")[0]?.focus(); });
    part.append(head, body, button);
    return part;
  }

  show(state, name, sentence) {
    const place = this.form.querySelector(`[data-save-state="${name}"]`) ?? this.form.querySelector("[data-save-state]");
    if (!place) return;
    place.dataset.state = state;
    const words = { saving: "saysSaving", saved: "saysSaved", offline: "saysOffline", failed: "saysFailed", conflict: "saysConflict" };
    place.textContent = sentence || this.says[words[state]] || "";
  }

  flush() {
    if (this.sending) return;
    for (const name of [...this.waiting.keys()]) {
      this.waiting.delete(name);
      this.post(name, this.value(name), true);
    }
  }

  async submitted(event) {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.waiting.clear();
    if (!this.sending) return;
    // What is on its way raises the revision; a form sent before that would meet its own author's words as a stranger's.
    event.preventDefault();
    await this.sending;
    this.form.requestSubmit(event.submitter);
  }
}

export const start = (form) => new Autosave(form);
