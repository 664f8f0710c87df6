// A form whose text is kept in this browser until it was sent and taken: see autosave.js.
import * as drafts from "./drafts.js"

// --- Asking the server without leaving the page, and finding out whether the session still stands ---------------------
const PATIENCE = 30_000
const { account, session, login } = document.body.dataset

export function element(tag, textContent, properties) {
  return Object.assign(document.createElement(tag), { textContent, ...properties })
}

// AbortSignal.timeout is not in iOS 15 nor in Chrome 102.
export function request(address, options = {}) {
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), PATIENCE)
  const answered = fetch(address, { redirect: "manual", signal: patience.signal, ...options })
  return answered.finally(() => clearTimeout(timer))
}

// Whether this page may go on, as the same person. Signing in again, in another tab, gives the session another token.
export async function isSignedIn() {
  const answer = await request(session)
  if (answer.status >= 500) throw new Error(answer.status)
  if (!answer.ok) return false
  const page = new DOMParser().parseFromString(await answer.text(), "text/html")
  const token = page.querySelector("[name=csrfmiddlewaretoken]")?.value
  if (!token || page.body.dataset.account !== account) return false
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token
  return true
}

export const silence = () => (navigator.onLine ? "Le site ne répond pas." : "Pas de connexion.")
export const SIGNED_OUT = "Votre session est terminée."
export const wayIn = () =>
  element("a", "Se reconnecter dans un autre onglet", {
    href: `${login}?next=${encodeURIComponent(location.pathname)}`,
    target: "_blank",
    rel: "noopener",
  })

// --- Forms ---------------------------------------------------------------------------------------------------------
// What moves with each page and is no word of anybody.
const TECHNICAL = /^(csrfmiddlewaretoken|draft|base|seen|(.+-)?(submission|key|(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS)|.+-vu-\w+)$/
export const meant = (entries) => JSON.stringify(entries.filter(([name]) => !TECHNICAL.test(name)))
// What only the server shows again as it was: rows, chips, the editor.
const COMPOSED = "[data-rows], [data-several], [data-django-prose-editor-configurable]"
const isTicked = (control) => ["radio", "checkbox"].includes(control.type)

export function button(text, act) {
  const way = element("button", text, { type: "button", className: "link-button" })
  way.addEventListener("click", act)
  return way
}

export class Keeper {
  constructor(form, name) {
    this.form = form
    this.id = drafts.newId()
    this.name = name || form.getAttribute("action") || location.pathname + location.search
    this.before = this.entries()
    this.isKept = true
    this.isLeaving = false
    this.asking = null
    form.addEventListener("input", () => this.changed())
  }

  get isDirty() {
    return meant(this.entries()) !== meant(this.before)
  }

  entries() {
    const isWord = ([name, value]) => typeof value === "string" && this.form.elements[name]?.type !== "password"
    return [...new FormData(this.form)].filter(isWord)
  }

  // What was typed, in words.
  texts() {
    const before = new Set(this.before.map((entry) => JSON.stringify(entry)))
    const isTyped = ([name, value]) => value.trim() && !TECHNICAL.test(name) && !before.has(JSON.stringify([name, value]))
    return this.entries().filter(isTyped).map(([name, value]) => {
      const control = this.form.querySelector(`[name="${CSS.escape(name)}"]`)
      return [control.closest(".field")?.querySelector(".field__label, legend, label")?.textContent.trim() ?? "", value]
    })
  }

  keep() {
    const draft = { name: this.name, page: location.pathname, entries: this.entries(), texts: this.texts() }
    this.isKept = drafts.keep(this.id, draft)
  }

  changed() {
    if (this.isDirty) this.keep()
    else drafts.forget(this.id)
  }

  // This page holds a text that the server does not have.
  adopt() {
    this.before = []
    this.changed()
  }

  // --- What waits ----------------------------------------------------------------------------------------------------
  offer() {
    this.box?.remove()
    const now = meant(this.entries())
    const others = drafts.waiting().filter((draft) => draft.name === this.name && draft.id !== this.id)
    const [draft] = others.filter((one) => meant(one.entries) !== now || drafts.forget(one.id))
    if (!draft) return
    this.box = drafts.newBox(draft)
    this.box.querySelector("[data-copy]").remove()
    this.box.querySelector("[data-resume]").onclick = () => this.resume(draft)
    this.box.querySelector("[data-forget]").onclick = () => this.refuse(draft)
    this.form.prepend(this.box)
    for (let closed = this.form.closest("details"); closed; closed = closed.parentElement.closest("details")) closed.open = true
  }

  refuse(draft) {
    drafts.forget(draft.id)
    this.say("Ce texte est oublié.", { aloud: true })
    this.offer()
    const next = this.box.isConnected ? this.box.querySelector("button") : this.form.querySelector("input:not([type=hidden]), select, textarea")
    next?.focus()
  }

  // With the digests and versions of then: what somebody else wrote since is asked about, not covered.
  resume(draft) {
    if (this.form.querySelector(COMPOSED)) return this.repost(draft)
    const rest = draft.entries.filter(([name]) => name !== "csrfmiddlewaretoken")
    for (const control of this.form.elements) {
      if (!control.name || ["submit", "button", "file", "password"].includes(control.type)) continue
      const at = rest.findIndex(([name, value]) => name === control.name && (!isTicked(control) || value === control.value))
      if (isTicked(control)) control.checked = at >= 0
      else if (at >= 0) control.value = rest[at][1]
      if (at >= 0) rest.splice(at, 1)
    }
    drafts.forget(draft.id)
    this.box.remove()
    this.form.dispatchEvent(new Event("input", { bubbles: true }))
    this.form.querySelector("textarea, input:not([type=hidden])")?.focus()
  }

  // The server shows it again, as typed.
  repost(draft) {
    const token = ["csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value]
    const form = element("form", "", { method: "post", hidden: true })
    form.setAttribute("action", this.form.getAttribute("action") ?? "")
    for (const [name, value] of [...draft.entries.filter(([one]) => one !== token[0]), token, ["op", "reprendre"]]) {
      // Not an <input>, which would take the ends of lines away.
      form.append(element("textarea", "", { name, value }))
    }
    document.body.append(form)
    this.isLeaving = true
    drafts.post(draft.id)
    form.submit()
  }

  // --- Messages ----------------------------------------------------------------------------------------------------
  get held() {
    if (this.isKept) return "Votre texte attend dans ce navigateur."
    return "Ce navigateur ne peut pas garder votre texte\u00a0: laissez cette page ouverte."
  }

  // Seen always; heard when it is news, and not at every pause of the pen.
  say(text, { way, aloud = false } = {}) {
    const state = this.form.querySelector("[data-state]") ?? this.newState()
    const heard = this.form.querySelector("[data-heard]")
    state.textContent = text
    if (way) state.append(" ", way)
    const news = aloud ? text : ""
    if (heard.textContent !== news) heard.textContent = news
  }

  newState() {
    const state = element("p", "", { className: "form__state" })
    const heard = element("p", "", { className: "visually-hidden" })
    heard.setAttribute("role", "status")
    state.dataset.state = heard.dataset.heard = ""
    this.form.append(state, heard)
    return state
  }

  // --- Sending -------------------------------------------------------------------------------------------------------
  // The page is left only where the server will take it: without a connection the text stays in sight.
  send(submitter, go = () => this.submit(submitter)) {
    if (!this.isDirty) return go()
    this.keep()
    this.asking ??= this.trySending(submitter, go).finally(() => {
      this.asking = null
    })
    return this.asking
  }

  async trySending(submitter, go) {
    try {
      if (await isSignedIn()) return go()
      this.say(`${SIGNED_OUT} ${this.held}`, { way: wayIn(), aloud: true })
    } catch {
      const way = button("Essayer maintenant", () => this.send(submitter, go))
      this.say(`${silence()} ${this.held}`, { way, aloud: true })
    }
  }

  submit(submitter) {
    this.leave()
    if (submitter?.name) this.put(submitter.name, submitter.value)
    if (submitter?.hasAttribute("formaction")) this.form.setAttribute("action", submitter.getAttribute("formaction"))
    HTMLFormElement.prototype.submit.call(this.form)
  }

  // Sent by htmx, the form stays, and shows what the server has now or what it refused.
  answered(isTaken) {
    if (!isTaken) return this.adopt()
    this.before = this.entries()
    this.say("")
    this.changed()
  }

  // The page that follows asks whether this text came through.
  leave() {
    this.isLeaving = true
    drafts.post(this.id)
    this.put("draft", this.id)
  }

  put(name, value) {
    const there = [...this.form.querySelectorAll("input[type=hidden]")].find((one) => one.name === name)
    const field = there ?? element("input", "", { type: "hidden", name })
    field.value = value
    this.form.append(field)
  }
}
