// What is typed in a form is never lost: it waits in this browser until the server has it, and is offered back once.
// Loaded on every page of who is signed in (templates/base.html); a form asks for it by one attribute:
//
//   <form method="post" data-keep>       is kept until it was sent and taken: any form with free text or rows.
//   <form method="post" data-autosave>   also saves by itself whatever is right of it; its view answers JSON.
//
// The value names the text where the address of the form does not: data-keep="reunion/12". Two forms of a page never share one.
// data-unsaved, on a form that saves by itself: the text of this page came by post, and the server does not have it.
// A form with rows or names takes its text back through its view, which shows it again when it is sent « op » (isic.lib.rows).
//
// A form that saves by itself has a hidden « base » (isic.lib.merge) and may have [data-state] and [data-heard], the line that
// says where saving is, seen and heard; [data-plain], what only serves without this script; a button named « next », which
// goes on to the `next` of the answer. Another button with a name sends the form once all is saved.
// The answer, with status 200, 409 (conflicts) or 422 (faults):
//   { base, at, conflicts: [label], faults: [{ id, words, html }], next, shown: { name: html } }      or { refused: "…" }, for good
// What is wrong in a field is shown there at once (`html`, as templates/isic/field_fault.html makes it).
// A link with data-after-saving goes once what is typed is saved.
// What is `shown` goes into [data-shown="name"] of the form or, where it has none, of the page.
import * as drafts from "./drafts.js"
import { Keeper, SIGNED_OUT, button, element, isSignedIn, meant, request, silence, wayIn } from "./keeper.js"

const PAUSE = 1200
const WAITS = [5, 10, 20, 30, 60]

// --- A form that saves by itself -------------------------------------------------------------------------------------
class Saver extends Keeper {
  constructor(form, name) {
    super(form, name)
    // Changes counted: those of the page, and those that the server has.
    this.typed = this.taken = this.misses = this.timer = 0
    this.sending = null
    // What was sent and had no answer: sent again as it was, so that a saving whose answer was lost is no second editor.
    this.unheard = null
    this.isRefused = false
    for (const plain of form.querySelectorAll("[data-plain]")) plain.hidden = true
    if (form.querySelector("[data-state]")) this.say("Ce que vous écrivez s’enregistre tout seul.")
  }

  get isDirty() {
    return this.typed !== this.taken
  }

  changed() {
    this.typed++
    this.keep()
    // While the server does not answer, the next trial is set already.
    if (!this.sending && !this.misses && !this.isRefused) this.later(PAUSE)
  }

  adopt() {
    this.changed()
  }

  resume(draft) {
    super.resume(draft)
    if (!this.isLeaving) this.save()
  }

  later(wait) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.save(), wait)
  }

  save({ isHidden = false } = {}) {
    clearTimeout(this.timer)
    this.sending ??= this.attempt(isHidden).finally(() => {
      this.sending = null
    })
    return this.sending
  }

  post(body, keepalive = false) {
    const address = this.form.getAttribute("action") ?? location.pathname
    return request(address, { method: "POST", body, headers: { Accept: "application/json" }, keepalive })
  }

  async answerOf(body, isHidden) {
    // A page that is being left may send 64 KB only; beyond, it sends as usual, and the browser keeps the text.
    const answer = await (isHidden ? this.post(body, true).catch(() => this.post(body)) : this.post(body))
    if (answer.status !== 403 || !(await isSignedIn())) return answer
    body.set("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value)
    return this.post(body)
  }

  async attempt(isHidden) {
    if (!this.misses) this.say("Enregistrement…")
    this.unheard ??= { count: this.typed, body: unasked(this.form) }
    const { count, body } = this.unheard
    let response, answer
    try {
      response = await this.answerOf(body, isHidden)
      if ([200, 409, 422].includes(response.status)) answer = await response.json()
    } catch {
      return this.missed(silence())
    }
    if (response.type === "opaqueredirect" || response.status === 403) return this.missed(SIGNED_OUT, wayIn())
    if (response.status === 404) return this.missed("Ce que vous modifiez ne vous est plus ouvert.")
    if (!answer) return this.missed("Le site ne répond pas.")
    const isNews = this.misses > 0
    this.unheard = null
    this.misses = 0
    if (answer.refused) return this.refused(answer.refused)
    this.heard(answer, count, isNews)
    return answer
  }

  missed(why, way) {
    const wait = WAITS[Math.min(this.misses++, WAITS.length - 1)]
    this.keep()
    this.later(wait * 1000)
    this.say(`${why} ${this.held}`, { way: way ?? button("Essayer maintenant", () => this.save()), aloud: true })
  }

  // It will never be taken: nothing is tried again, and the text is there to be copied.
  refused(why) {
    this.isRefused = true
    this.keep()
    this.say(`${why} ${this.held}`, { aloud: true })
  }

  heard(answer, count, isNews) {
    this.taken = count
    this.form.elements.base.value = JSON.stringify(answer.base)
    for (const [name, html] of Object.entries(answer.shown ?? {})) this.show(name, html)
    clearFaults(this.form, answer.faults.map((fault) => fault.id))
    if (this.isDirty || answer.conflicts.length || answer.faults.length) this.keep()
    else drafts.forget(this.id)
    if (this.isDirty) this.later(PAUSE)
    if (answer.conflicts.length) {
      const way = button("Comparer les deux textes", () => this.submit())
      this.say(`Quelqu’un d’autre a modifié\u00a0: ${answer.conflicts.join(", ")}. ${this.held}`, { way, aloud: true })
    } else if (answer.faults.length) {
      for (const fault of answer.faults) showFault(this.form, fault)
      const way = answer.faults.every((fault) => isShown(this.form, fault.id)) ? null : button("Voir quoi", () => this.submit())
      this.say(`Enregistré à ${answer.at}, sauf ce qui reste à corriger. ${this.held}`, { way, aloud: true })
    } else {
      this.say(`Enregistré à ${answer.at}.`, { aloud: isNews })
    }
  }

  show(name, html) {
    const here = this.form.querySelectorAll(`[data-shown="${name}"]`)
    for (const place of here.length ? here : document.querySelectorAll(`[data-shown="${name}"]`)) fill(place, html)
  }

  // All that is typed, once the server has it; nothing where it could not.
  async whole() {
    let answer
    do answer = await this.save()
    while (answer && this.isDirty)
    return answer
  }

  async send(submitter) {
    const answer = await this.whole()
    if (!answer) return
    if (answer.faults.length || answer.conflicts.length) return this.submit()
    if (submitter?.name === "next") return location.assign(answer.next)
    if (submitter?.name) return this.submit(submitter)
    this.form.querySelector("[data-heard]").textContent = this.form.querySelector("[data-state]").textContent
  }

  again() {
    if ((this.isDirty || this.unheard) && !this.isRefused) this.save()
  }

  // Left: what is typed goes now.
  left() {
    if (this.isDirty && !this.sending && !this.misses && !this.isRefused) this.save({ isHidden: true })
  }
}

// What the reader opened there stays open, and the focus where it was.
const filled = new WeakMap()
function fill(place, html) {
  if (filled.get(place) === html) return
  filled.set(place, html)
  const titleOf = (details) => details.querySelector("summary").firstChild.data
  const open = new Map([...place.querySelectorAll("details")].map((details) => [titleOf(details), details.open]))
  const focus = place.contains(document.activeElement) && document.activeElement.getAttribute("href")
  place.innerHTML = html
  for (const details of place.querySelectorAll("details")) details.open = open.get(titleOf(details)) ?? details.open
  if (focus) place.querySelector(`a[href="${CSS.escape(focus)}"]`)?.focus()
}

// By itself a form never passes a question: only the hand that sends it does.
function unasked(form) {
  const body = new FormData(form)
  for (const name of [...body.keys()].filter((one) => /-vu-\w+$/.test(one))) body.delete(name)
  return body
}

const holds = (field, id) => field.id === `div_${id}` || field.querySelector(`#${CSS.escape(id)}`)
const FAULT = ".field__error, .field__caution, .field__confirmation, .field__confirmation + input[type=hidden]"
const isShown = (form, id) => [...form.querySelectorAll(".field--error")].some((field) => holds(field, id))

// The sentence and its box, where the server would put them; they stay under the hand while they are the same.
function showFault(form, { id, html }) {
  const field = html && [...form.querySelectorAll(".field")].find((one) => one.id === `div_${id}`)
  if (!field) return
  const news = element("div", "", { innerHTML: html })
  if (field.querySelector(".field__error")?.textContent === news.querySelector(".field__error").textContent) return
  for (const old of field.querySelectorAll(FAULT)) old.remove()
  field.classList.add("field--error")
  const place = field.querySelector(".field__help") ?? field.querySelector(".field__label, legend, .check")
  place.after(...news.children)
  for (const control of field.querySelectorAll(`#${CSS.escape(id)}`)) {
    control.setAttribute("aria-invalid", "true")
    const ids = new Set([...(control.getAttribute("aria-describedby") ?? "").split(" "), `${id}_error`])
    control.setAttribute("aria-describedby", [...ids].join(" ").trim())
  }
}

// What was wrong and is not any more: its sentence goes. A box just ticked stays under the hand.
function clearFaults(form, ids) {
  for (const field of form.querySelectorAll(".field--error")) {
    if (ids.some((id) => holds(field, id))) continue
    field.classList.remove("field--error")
    for (const old of field.querySelectorAll(FAULT)) if (!old.matches(".field__confirmation:focus-within")) old.remove()
    for (const control of field.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid")
  }
}

// --- The page --------------------------------------------------------------------------------------------------------
const keepers = new Map()
for (const form of document.querySelectorAll("form[data-keep], form[data-autosave]")) {
  const { autosave, keep } = form.dataset
  keepers.set(form, autosave === undefined ? new Keeper(form, keep) : new Saver(form, autosave))
}
const all = [...keepers.values()]
const savers = all.filter((keeper) => keeper instanceof Saver)

const { id: sent, isAccepted } = drafts.posted()
const sentText = drafts.waiting().find((draft) => draft.id === sent)
if (isAccepted) drafts.forget(sent)
// A page that asks about a text before it is taken (isic.lib.two_texts) carries it on.
const carried = document.querySelector("input[type=hidden][name=draft]")?.value
if (carried) drafts.post(carried)
for (const keeper of all) {
  const isSent = !isAccepted && sentText?.name === keeper.name
  const isHere = "unsaved" in keeper.form.dataset || (isSent && meant(sentText.entries) === meant(keeper.entries()))
  if (isHere) keeper.adopt()
  if (isHere && isSent) drafts.forget(sent)
  keeper.offer()
}
for (const draft of drafts.waiting()) {
  const isShownHere = all.some((keeper) => keeper.name === draft.name)
  const isHere = draft.page === location.pathname && draft.id !== carried
  if (isHere && !isShownHere && draft.texts.length) drafts.offerToCopy(draft)
}

// iOS 15.0 does not say which button sends a form.
let pressed = null
document.addEventListener("click", (event) => {
  pressed = event.target.closest("button, input[type=submit]")
})

// Last of all who listen: what sends its form itself has prevented this.
addEventListener("submit", (event) => {
  const form = event.target
  const submitter = event.submitter ?? (pressed?.form === form ? pressed : null)
  const keeper = keepers.get(form)
  if (event.defaultPrevented || keeper?.isLeaving) return
  if (submitter?.name === "op") return keeper?.leave()
  const unsaved = keeper ? [] : savers.filter((saver) => saver.isDirty)
  if (form.method !== "post" || (!keeper && !unsaved.length)) return
  event.preventDefault()
  if (keeper) keeper.send(submitter)
  else sendAfter(unsaved, form, submitter)
})

// Another form of the page, which may tell of what was typed: what is typed is saved first.
async function sendAfter(unsaved, form, submitter) {
  if (!(await areSaved(unsaved))) return
  if (submitter?.name) form.append(element("input", "", { type: "hidden", name: submitter.name, value: submitter.value }))
  if (submitter?.hasAttribute("formaction")) form.setAttribute("action", submitter.getAttribute("formaction"))
  HTMLFormElement.prototype.submit.call(form)
}

// All that is typed is with the server; where it could not, its line comes under the eye.
async function areSaved(unsaved) {
  const answers = await Promise.all(unsaved.map((saver) => saver.whole()))
  const at = answers.findIndex((answer) => !answer || answer.faults.length || answer.conflicts.length)
  if (at >= 0) unsaved[at].form.querySelector("[data-state]").scrollIntoView({ block: "center" })
  return at < 0
}

// A link to another part of the same work (data-after-saving) goes once what is typed is saved.
addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-after-saving]")
  const unsaved = savers.filter((saver) => saver.isDirty)
  if (!link || !unsaved.length || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  if (await areSaved(unsaved)) location.assign(link.href)
})

// A form that htmx sends (data-hx-post) waits, like the others, until the server will take it.
document.addEventListener("htmx:confirm", (event) => {
  const keeper = keepers.get(event.detail.elt)
  if (!keeper?.isDirty) return
  event.preventDefault()
  keeper.send(null, () => event.detail.issueRequest())
})
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  keepers.get(detail.requestConfig?.elt)?.answered(detail.xhr.status === 200)
})

addEventListener("online", () => savers.forEach((saver) => saver.again()))
// Back, perhaps from signing in: what waits goes now.
document.addEventListener("visibilitychange", () => {
  const isBack = document.visibilityState === "visible"
  for (const saver of savers) if (!isBack) saver.left()
    else if (saver.misses) saver.again()
})

addEventListener("beforeunload", (event) => {
  const unsaved = all.filter((keeper) => keeper.isDirty && !keeper.isLeaving)
  if (!unsaved.length || all.some((keeper) => keeper.isLeaving && unsaved.every((one) => one instanceof Saver))) return
  for (const keeper of unsaved) keeper.keep()
  event.preventDefault()
  event.returnValue = "" // Chrome 118 and before
})
// A page that comes back by the back button is itself again.
addEventListener("pageshow", () => {
  for (const keeper of all) keeper.isLeaving = false
})

// The back button brings a form again, perhaps with another key: sent again, it is still the same.
for (const field of document.querySelectorAll("[name=submission], [name$='-submission']")) {
  const keys = history.state?.submissions ?? {}
  if (keys[field.name]) field.value = keys[field.name]
  else history.replaceState({ ...history.state, submissions: { ...keys, [field.name]: field.value } }, "")
}
