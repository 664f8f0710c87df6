// What the instance says saves by itself, passage by passage: each form alone, so that two people type in two passages
// at once. What is typed waits in this browser until the server has it; what somebody else wrote meanwhile is shown
// beside it, and only the writer chooses.
const PAUSE = 1200
const WAITS = [5, 10, 20, 30, 60]
const HELD = "Votre texte attend dans ce navigateur."

class Passage {
  constructor(form) {
    this.form = form
    this.key = `avis/${form.dataset.outcome}`
    this.find = (name) => form.querySelector(`[data-${name}]`)
    this.dirty = this.asks = this.planned = false
    this.sending = null
    this.misses = this.timer = 0
    form.addEventListener("input", () => this.typed())
    form.addEventListener("submit", (event) => this.submitted(event))
    this.find("save").closest("p").hidden = true
    this.offerWhatWaits()
  }

  // --- What waits in the browser -----------------------------------------------------------------------------------
  entries() {
    return [...new FormData(this.form)].filter(([name]) => name !== "csrfmiddlewaretoken")
  }

  keep() {
    try {
      localStorage.setItem(this.key, JSON.stringify(this.entries()))
    } catch {
      // A full or forbidden storage: the page itself still holds the text.
    }
  }

  forget() {
    localStorage.removeItem(this.key)
  }

  kept() {
    try {
      return JSON.parse(localStorage.getItem(this.key))
    } catch {
      return null
    }
  }

  offerWhatWaits() {
    const old = this.kept()
    if (!old) return
    const words = (list) => JSON.stringify(list.filter(([name]) => name !== "base"))
    if (words(old) === words(this.entries())) return this.forget()
    const box = this.find("waiting")
    box.hidden = false
    this.find("resume").addEventListener("click", () => {
      // With the digests of then: what somebody else wrote since is asked about, not covered.
      for (const input of this.form.querySelectorAll("[type=checkbox]")) input.checked = false
      for (const [name, value] of old) this.put(name, value)
      box.hidden = true
      this.dirty = true
      this.save()
    })
    this.find("forget").addEventListener("click", () => {
      this.forget()
      box.hidden = true
      this.form.querySelector("input:not([type=hidden]), textarea").focus()
    })
  }

  put(name, value) {
    for (const input of this.form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (["radio", "checkbox"].includes(input.type)) input.checked = input.value === value
      else input.value = value
    }
  }

  // --- Saving ------------------------------------------------------------------------------------------------------
  typed() {
    this.dirty = true
    this.keep()
    if (!this.sending && !this.asks) this.later(PAUSE)
  }

  submitted(event) {
    event.preventDefault()
    this.asks = false
    this.save(event.submitter?.name)
  }

  later(wait) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.save(), wait)
  }

  say(text, way) {
    this.find("state").textContent = text
    if (way) this.find("state").append(" ", way)
  }

  async save(choice = "") {
    clearTimeout(this.timer)
    if (this.sending) await this.sending
    this.dirty = this.planned = false
    this.say("Enregistrement…")
    this.sending = this.send(choice).finally(() => {
      this.sending = null
      if (this.dirty && !this.asks && !this.planned) this.later(PAUSE)
    })
    return this.sending
  }

  post(choice = "", keepalive = false) {
    const body = new FormData(this.form)
    if (choice) body.set(choice, "1")
    const headers = { Accept: "application/json" }
    return fetch(this.form.action, { method: "POST", body, headers, redirect: "manual", keepalive })
  }

  // Signing in again, in another tab, gives the session another token.
  async newToken() {
    const page = await fetch(location.pathname, { redirect: "manual" })
    if (!page.ok) return false
    const found = new DOMParser().parseFromString(await page.text(), "text/html")
    const token = found.querySelector("[name=csrfmiddlewaretoken]")
    if (token) this.form.elements.csrfmiddlewaretoken.value = token.value
    return Boolean(token)
  }

  async answer(choice) {
    const response = await this.post(choice)
    return response.status === 403 && (await this.newToken()) ? this.post(choice) : response
  }

  async send(choice) {
    let response
    try {
      response = await this.answer(choice)
    } catch {
      return this.missed("Pas de connexion.", choice)
    }
    if (response.type === "opaqueredirect" || response.status === 403) {
      const link = Object.assign(document.createElement("a"), {
        href: this.form.dataset.login,
        target: "_blank",
        rel: "noopener",
        textContent: "Se reconnecter dans un autre onglet",
      })
      return this.plan(WAITS[2], choice, `Votre session est terminée. ${HELD}`, link)
    }
    if (response.status === 404) return this.say(`Ce passage n’est plus là. ${HELD}`)
    if (![200, 409, 422].includes(response.status)) return this.missed("Le site ne répond pas.", choice)
    this.misses = 0
    this.told(await response.json(), choice)
  }

  missed(why, choice) {
    const seconds = WAITS[Math.min(this.misses++, WAITS.length - 1)]
    this.plan(seconds, choice, `${why} ${HELD} Nouvel essai dans ${seconds} secondes.`)
  }

  plan(seconds, choice, words, way) {
    this.dirty = this.planned = true
    this.say(words, way)
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.save(choice), seconds * 1000)
  }

  told(answer, choice) {
    if (answer.refused) return this.say(`${answer.refused} ${HELD}`)
    this.form.elements.base.value = JSON.stringify(answer.base)
    this.asks = answer.theirs.length > 0
    this.find("theirs").hidden = !this.asks
    this.find("note").textContent = answer.note
    const texts = answer.theirs.map(({ label, words }) => {
      const line = document.createElement("div")
      for (const [tag, text] of [["dt", label], ["dd", words]]) {
        line.append(Object.assign(document.createElement(tag), { textContent: text }))
      }
      return line
    })
    this.find("theirs-list").replaceChildren(...texts)
    if (this.asks) return this.say("Pas encore enregistré : choisissez ce qui reste.")
    const brings = this.form.querySelector("textarea")
    if (choice === "join" && brings && !this.dirty) brings.value = answer.brings
    if (answer.faults.length) return this.toldFaults(answer)
    if (!this.dirty) this.forget()
    this.find("waiting").hidden = true
    this.say(`Enregistré à ${answer.at}.`)
  }

  // The page of the passage alone has room for what is to be corrected, or confirmed.
  toldFaults({ at, faults }) {
    const way = Object.assign(document.createElement("button"), {
      className: "button button--quiet",
      type: "button",
      textContent: "Voir quoi",
    })
    way.addEventListener("click", () => this.form.submit())
    this.say(`Enregistré à ${at}, sauf : ${faults.map(({ words }) => words).join(" ")} ${HELD}`, way)
  }

  leave() {
    if (!this.dirty || this.sending || this.asks) return
    this.post("", true).then((response) => response.ok && this.forget(), () => {})
  }
}

const passages = [...document.querySelectorAll("form[data-outcome]")].map((form) => new Passage(form))

addEventListener("online", () => {
  for (const passage of passages) if (passage.dirty && !passage.asks) passage.save()
})

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") for (const passage of passages) passage.leave()
})

addEventListener("beforeunload", (event) => {
  if (passages.some((passage) => passage.dirty)) event.preventDefault()
})
