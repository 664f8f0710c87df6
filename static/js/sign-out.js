// Signing out: the texts that wait in this browser (drafts.js) belong to the account, and go with it once its owner says so.
import * as drafts from "./drafts.js"

const form = document.querySelector("form[data-sign-out]")
const question = form.querySelector("[data-texts]")
const waiting = drafts.waiting()

if (question && waiting.length) {
  question.hidden = false
  question.querySelector("[data-number]").textContent = waiting.length
  for (const choice of question.querySelectorAll("input")) choice.required = true
}

form.addEventListener("submit", (event) => {
  if (waiting.length && !question) {
    // The page of signing out asks.
    event.preventDefault()
    location.assign(form.action)
    return
  }
  if (question?.querySelector("[value=forget]").checked) for (const { id } of waiting) drafts.forget(id)
  if (drafts.waiting().length || drafts.hasOthers()) return
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "storage", value: "clear" }))
})
