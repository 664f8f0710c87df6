// A step of a sheet saves by itself, and loses nothing: what is typed waits in this browser until the server has it.
// The server never sends a text back into a field; a text that waits is shown again by posting it (« op=reprendre »).
const form = document.querySelector("form[data-autosave]")
const state = form.querySelector("[data-state]")
const heard = form.querySelector("[data-heard]")
const progress = document.querySelector("[data-progress]")
const waiting = document.querySelector("[data-waiting]")
const SHEET = `fiche/${form.dataset.key}/`
// Each page keeps its own text: two tabs of one step never take each other's away.
const KEY = SHEET + Date.now().toString(36) + Math.random().toString(36).slice(2)
const POSTED = "fiche/postée"
const PAUSE = 1200
const WAITS = [5, 10, 20, 30, 60]
const PATIENCE = 30_000
const HELD = "Votre texte attend dans ce navigateur."

let timer = 0
let sending = null
let leaving = false
let misses = 0
// Changes counted: those of the page, and those that the server has.
let typed = 0
let taken = 0
// What was sent and had no answer: sent again as it was, so that a saving whose answer was lost is no second editor.
let unheard = null

// --- What waits in the browser -------------------------------------------------------------------------------------
function entries() {
  return [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string")
}

// A full or forbidden storage changes nothing else: the page itself still holds the text.
function stored(act) {
  try {
    return act()
  } catch {
    return null
  }
}

const keep = () => stored(() => localStorage.setItem(KEY, JSON.stringify({ at: Date.now(), entries: entries() })))
const forget = (key = KEY) => stored(() => localStorage.removeItem(key))

// The digests move with each saving and are not words of anybody.
const words = (list) => JSON.stringify(list.filter(([name]) => name !== "base"))

function whatWaits() {
  const keys = stored(() => Object.keys(localStorage)) ?? []
  return keys
    .filter((key) => key.startsWith(SHEET) && key !== KEY)
    .map((key) => ({ key, ...stored(() => JSON.parse(localStorage.getItem(key))) }))
    .filter((old) => Array.isArray(old.entries))
    .sort((one, other) => other.at - one.at)
}

function offerWhatWaits() {
  const now = words(entries())
  const [old] = whatWaits().filter((one) => words(one.entries) !== now || forget(one.key))
  waiting.hidden = !old
  if (!old) return
  const when = new Date(old.at)
  const day = when.toLocaleDateString("fr-FR", { day: "numeric", month: "long" })
  const hour = when.toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" })
  waiting.querySelector("[data-waiting-when]").textContent = `le ${day} à ${hour}`
  waiting.querySelector("[data-resume]").onclick = () => resume(old)
  waiting.querySelector("[data-forget]").onclick = () => {
    forget(old.key)
    say("Ce texte est oublié.", { aloud: true })
    offerWhatWaits()
    const next = waiting.hidden ? form.querySelector("input:not([type=hidden]), select, textarea") : waiting.querySelector("button")
    next?.focus()
  }
}

// The page that answers a post tells whether the text of this one came through, and then this one need not wait.
function leave(key = KEY) {
  leaving = true
  stored(() => sessionStorage.setItem(POSTED, key))
}

function resume(old) {
  const page = document.createElement("form")
  page.method = "post"
  const token = ["csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value]
  for (const [name, value] of [...old.entries, token, ["op", "reprendre"]]) {
    // Not an <input>, which would take the ends of lines away.
    const field = document.createElement("textarea")
    Object.assign(field, { name, value, hidden: true })
    page.append(field)
  }
  document.body.append(page)
  leave(old.key)
  page.submit()
}

// --- What is said --------------------------------------------------------------------------------------------------
// Seen always; heard when it is news, and not at every pause of the pen.
function say(text, { way, aloud = false } = {}) {
  state.textContent = text
  if (way) state.append(" ", way)
  const news = aloud ? text : ""
  if (heard.textContent !== news) heard.textContent = news
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

// --- Saving --------------------------------------------------------------------------------------------------------
function post(body, keepalive = false) {
  const headers = { Accept: "application/json" }
  const signal = AbortSignal.timeout(PATIENCE)
  return fetch(location.pathname, { method: "POST", body, headers, redirect: "manual", keepalive, signal })
}

// Signing in again, in another window, gives the session another token.
async function newToken() {
  const page = await fetch(location.pathname, { redirect: "manual" })
  if (!page.ok) return ""
  const found = new DOMParser().parseFromString(await page.text(), "text/html")
  return found.querySelector("form[data-autosave] [name=csrfmiddlewaretoken]")?.value ?? ""
}

async function answerOf(body, hidden) {
  // A page that is being left may send 64 KB only; beyond, it sends as usual, and the browser keeps the text.
  let response = await (hidden ? post(body, true).catch(() => post(body)) : post(body))
  const token = response.status === 403 && (await newToken())
  if (token) {
    form.elements.csrfmiddlewaretoken.value = token
    body.set("csrfmiddlewaretoken", token)
    response = await post(body)
  }
  return response
}

function save({ hidden = false } = {}) {
  clearTimeout(timer)
  sending ??= send(hidden).finally(() => {
    sending = null
  })
  return sending
}

async function send(hidden) {
  if (!misses) say("Enregistrement…")
  unheard ??= { count: typed, body: new FormData(form) }
  const { count, body } = unheard
  let response, answer
  try {
    response = await answerOf(body, hidden)
    if ([200, 409, 422].includes(response.status)) answer = await response.json()
  } catch {
    return missed(navigator.onLine ? "Le site ne répond pas." : "Pas de connexion.")
  }
  if (response.type === "opaqueredirect" || response.status === 403) {
    return missed("Votre session est terminée.", link("Se reconnecter dans un autre onglet", form.dataset.login))
  }
  if (response.status === 404) return missed("Cette fiche ne vous est plus ouverte.")
  if (!answer) return missed("Le site ne répond pas.")
  unheard = null
  told(answer, count, misses > 0)
  misses = 0
  return answer
}

function missed(why, way) {
  const wait = WAITS[Math.min(misses++, WAITS.length - 1)]
  keep()
  later(wait * 1000)
  const retry = way ?? button("Essayer maintenant", () => save())
  say(`${why} ${HELD}`, { way: retry, aloud: true })
}

function told(answer, count, aloud) {
  taken = count
  form.elements.base.value = JSON.stringify(answer.base)
  showProgress(answer.progress)
  for (const sentence of form.querySelectorAll("[data-rhythm]")) {
    if (sentence.textContent !== answer.rhythm) sentence.textContent = answer.rhythm
  }
  clearFaults(answer.faults.map((fault) => fault.id))
  if (taken !== typed || answer.conflicts.length || answer.faults.length) keep()
  else forget()
  if (taken !== typed) later(PAUSE)
  if (answer.conflicts.length) {
    const way = button("Comparer les deux textes", submit)
    say(`Quelqu’un d’autre a modifié\u00a0: ${answer.conflicts.join(", ")}. ${HELD}`, { way, aloud: true })
  } else if (answer.faults.length) {
    const way = answer.faults.every((fault) => isShown(fault.id)) ? null : button("Voir quoi", submit)
    say(`Enregistré à ${answer.at}, sauf ce qui reste à corriger. ${HELD}`, { way, aloud: true })
  } else {
    say(`Enregistré à ${answer.at}.`, { aloud })
  }
}

// The steps and what is missing; what the reader opened there stays open, and the focus where it was.
let shown = ""
function showProgress(html) {
  if (html === shown) return
  shown = html
  const open = [...progress.querySelectorAll("details")].map((details) => [details.querySelector("summary").firstChild.data, details.open])
  const focus = progress.contains(document.activeElement) && document.activeElement.getAttribute("href")
  progress.innerHTML = html
  const before = new Map(open)
  for (const details of progress.querySelectorAll("details")) {
    details.open = before.get(details.querySelector("summary").firstChild.data) ?? details.open
  }
  if (focus) progress.querySelector(`a[href="${CSS.escape(focus)}"]`)?.focus()
}

const holds = (field, id) => field.id === `div_${id}` || field.querySelector(`#${CSS.escape(id)}`)
const isShown = (id) => [...form.querySelectorAll(".field--error")].some((field) => holds(field, id))

// What was wrong and is not any more: its sentence goes. A box just ticked stays under the hand.
function clearFaults(ids) {
  for (const field of form.querySelectorAll(".field--error")) {
    if (ids.some((id) => holds(field, id))) continue
    field.classList.remove("field--error")
    field.querySelector(".field__error")?.remove()
    field.querySelector(".field__confirmation:not(:focus-within)")?.remove()
    for (const control of field.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid")
  }
}

function later(wait) {
  clearTimeout(timer)
  timer = setTimeout(() => save(), wait)
}

function submit() {
  leave()
  form.submit()
}

function changed() {
  typed++
  keep()
  // While the server does not answer, the next trial is set already.
  if (!sending && !misses) later(PAUSE)
}

form.addEventListener("input", changed)

// A button saves first, and leaves the page only for an answer: without a connection the text stays in sight.
form.addEventListener("submit", async (event) => {
  if (event.submitter?.name === "op" || leaving) return leave()
  event.preventDefault()
  const goesOn = event.submitter?.name === "next"
  let answer
  do answer = await save()
  while (answer && taken !== typed)
  if (!answer) return
  if (answer.faults.length || answer.conflicts.length) return submit()
  if (goesOn) return location.assign(answer.next)
  heard.textContent = state.textContent
})

const again = () => (taken !== typed || unheard ? save() : undefined)
addEventListener("online", again)
// Left: what is typed goes now. Back, perhaps from signing in: what waits goes now.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") return misses && again()
  if (taken !== typed && !sending && !misses) save({ hidden: true })
})

addEventListener("beforeunload", (event) => {
  if (!leaving && taken !== typed) {
    keep()
    event.preventDefault()
  }
})
// A page that comes back by the back button is itself again.
addEventListener("pageshow", () => {
  leaving = false
})

say("Ce que vous écrivez s’enregistre tout seul.")
const posted = stored(() => sessionStorage.getItem(POSTED))
stored(() => sessionStorage.removeItem(POSTED))
if ("unsaved" in form.dataset) changed() // the text of this page came by post, and is not in the sheet yet
if ("unsaved" in form.dataset || location.hash === "#enregistre") forget(posted)
offerWhatWaits()
