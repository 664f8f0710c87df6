// A step of a sheet saves by itself, and loses nothing: what is typed waits in this browser until the server has it.
// The server never sends a text back into a field; a text that waits is shown again by posting it (« op=reprendre »).
const form = document.querySelector("form[data-autosave]")
const state = form.querySelector("[data-state]")
const progress = document.querySelector("[data-progress]")
const waiting = document.querySelector("[data-waiting]")
const KEY = `fiche/${form.dataset.key}`
const PAUSE = 1200
const WAITS = [5, 10, 20, 30, 60]
const HELD = "Votre texte attend dans ce navigateur."

let timer = 0
let sending = null
let dirty = false
let misses = 0

// --- What waits in the browser -------------------------------------------------------------------------------------
function entries() {
  return [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string")
}

function keep() {
  try {
    localStorage.setItem(KEY, JSON.stringify({ at: Date.now(), entries: entries() }))
  } catch {
    // A full or forbidden storage: the page itself still holds the text.
  }
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEY))
  } catch {
    return null
  }
}

const forget = () => localStorage.removeItem(KEY)

// The digests move with each saving and are not words of anybody.
const words = (list) => JSON.stringify(list.filter(([name]) => name !== "base"))

function offerWhatWaits() {
  const old = kept()
  if (!old) return
  if (words(old.entries) === words(entries())) return forget()
  const when = new Date(old.at)
  const day = when.toLocaleDateString("fr-FR", { day: "numeric", month: "long" })
  const hour = when.toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" })
  waiting.querySelector("[data-waiting-when]").textContent = `le ${day} à ${hour}`
  waiting.hidden = false
  waiting.querySelector("[data-resume]").addEventListener("click", () => resume(old))
  waiting.querySelector("[data-forget]").addEventListener("click", () => {
    forget()
    waiting.hidden = true
    say("Ce texte est oublié.")
    form.querySelector("input:not([type=hidden]), select, textarea")?.focus()
  })
}

function resume(old) {
  const page = document.createElement("form")
  page.method = "post"
  const token = ["csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value]
  for (const [name, value] of [...old.entries, token, ["op", "reprendre"]]) {
    const input = document.createElement("input")
    Object.assign(input, { type: "hidden", name, value })
    page.append(input)
  }
  document.body.append(page)
  page.submit()
}

// --- Saving --------------------------------------------------------------------------------------------------------
function say(text, way) {
  state.textContent = text
  if (way) state.append(" ", way)
}

function link(text, href) {
  const a = document.createElement("a")
  Object.assign(a, { href, target: "_blank", rel: "noopener", textContent: text })
  return a
}

function button(text, act) {
  const b = document.createElement("button")
  Object.assign(b, { type: "button", className: "link-button", textContent: text })
  b.addEventListener("click", act)
  return b
}

function post(keepalive = false) {
  const headers = { Accept: "application/json" }
  return fetch(location.pathname, { method: "POST", body: new FormData(form), headers, redirect: "manual", keepalive })
}

// Signing in again, in another window, gives the session another token.
async function newToken() {
  const page = await fetch(location.pathname, { redirect: "manual" })
  if (!page.ok) return false
  const found = new DOMParser().parseFromString(await page.text(), "text/html")
  const token = found.querySelector("form[data-autosave] [name=csrfmiddlewaretoken]")
  if (token) form.elements.csrfmiddlewaretoken.value = token.value
  return Boolean(token)
}

async function answerOf() {
  let response = await post()
  if (response.status === 403 && (await newToken())) response = await post()
  return response
}

async function save() {
  clearTimeout(timer)
  if (sending) return sending
  dirty = false
  say("Enregistrement…")
  sending = send().finally(() => {
    sending = null
    if (dirty) later(PAUSE)
  })
  return sending
}

async function send() {
  let response
  try {
    response = await answerOf()
  } catch {
    return missed("Pas de connexion.")
  }
  if (response.type === "opaqueredirect" || response.status === 403) {
    dirty = false
    say(`Votre session est terminée. ${HELD}`, link("Se reconnecter dans un autre onglet", form.dataset.login))
    return later(WAITS[2] * 1000)
  }
  if (response.status === 404) return say(`Cette fiche ne vous est plus ouverte. ${HELD}`)
  if (![200, 409, 422].includes(response.status)) return missed("Le site ne répond pas.")
  misses = 0
  return told(await response.json())
}

function missed(why) {
  const seconds = WAITS[Math.min(misses++, WAITS.length - 1)]
  say(`${why} ${HELD} Nouvel essai dans ${seconds} secondes.`, button("Essayer maintenant", save))
  later(seconds * 1000)
}

function told(answer) {
  form.elements.base.value = JSON.stringify(answer.base)
  progress.innerHTML = answer.progress
  for (const sentence of form.querySelectorAll("[data-rhythm]")) sentence.textContent = answer.rhythm
  clearFaults(new Set(answer.faults.map((fault) => fault.id)))
  if (answer.conflicts.length) {
    say(`Quelqu’un d’autre a modifié : ${answer.conflicts.join(", ")}. ${HELD}`, button("Comparer les deux textes", submit))
  } else if (answer.faults.length) {
    say(`Enregistré à ${answer.at}, sauf ce qui reste à corriger. ${HELD}`, button("Voir quoi", submit))
  } else {
    if (!dirty) forget()
    waiting.hidden = true
    say(`Enregistré à ${answer.at}.`)
  }
  return answer
}

// What was wrong and is not any more: its sentence goes.
function clearFaults(ids) {
  for (const field of form.querySelectorAll(".field--error")) {
    if ([...ids].some((id) => field.querySelector(`#${CSS.escape(id)}`) || field.id === `div_${id}`)) continue
    field.classList.remove("field--error")
    field.querySelector(".field__error")?.remove()
    field.querySelector(".field__confirmation")?.remove()
    for (const control of field.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid")
  }
}

function later(wait) {
  clearTimeout(timer)
  timer = setTimeout(save, wait)
}

const submit = () => {
  leaving = true
  form.submit()
}

let leaving = false

form.addEventListener("input", () => {
  dirty = true
  keep()
  if (!sending) later(PAUSE)
})

// A button saves first, and leaves the page only for an answer: without a connection the text stays in sight.
form.addEventListener("submit", async (event) => {
  if (event.submitter?.name === "op" || leaving) return
  event.preventDefault()
  const goesOn = event.submitter?.name === "next"
  keep()
  if (sending) await sending
  const answer = await save()
  if (!answer) return
  if (answer.faults.length || answer.conflicts.length) return submit()
  if (goesOn) location.assign(answer.next)
})

addEventListener("online", () => dirty || kept() ? save() : undefined)

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden" && dirty && !sending) {
    dirty = false
    clearTimeout(timer)
    post(true).then(async (response) => [200, 409, 422].includes(response.status) && told(await response.json()), () => {
      dirty = true
    })
  }
})

addEventListener("beforeunload", (event) => {
  if (!leaving && dirty) {
    keep()
    event.preventDefault()
  }
})

say("Ce que vous écrivez s’enregistre tout seul.")
offerWhatWaits()
