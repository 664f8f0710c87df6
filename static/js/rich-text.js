// The editor of rich texts, in French, named for who cannot see it, and under our content security policy:
// it may not add a <style> element to the page, whose rules are in static/css/rich-text.css instead.
//
// What other scripts rely on. The form's own <textarea name="…"> stays, hidden, and always holds the text: the editor writes
// its HTML there at each change, then sends a bubbling « input » from it. Until a change it holds what the server wrote, which
// is plain lines where the text is mere paragraphs; the server takes both. To put back a text, HTML or plain lines:
//     textarea.value = text
//     textarea.dispatchEvent(new Event("rich-text:set"))
// An editor that is not ready yet will read it there. Rows (rows.js) take no rich text.
import { Extension } from "django-prose-editor/editor"

const TITLES = {
  heading3: "Intertitre",
  heading4: "Petit intertitre",
  bulletList: "Liste à puces",
  orderedList: "Liste numérotée",
  bold: "Gras",
  italic: "Italique",
  link: "Lien",
  unlink: "Retirer le lien",
  "history:undo": "Annuler",
  "history:redo": "Rétablir",
}

// The policy refuses the styles of a pasted page, and complains of each; no style is kept anyway.
function withoutStyles(html) {
  return html.replace(/<style\b[\s\S]*?<\/style>/gi, "").replace(/\sstyle=(?:"[^"]*"|'[^']*')/gi, "")
}

const MARKED = /<\/?(?:p|br|ul|ol|li|h[1-6]|strong|em|b|i|a|div|span)(?=[\s/>])[^>]*>/i

// As isic/lib/richtext.py: each line of a plain text is a paragraph.
function fromText(text) {
  if (MARKED.test(text)) return text
  const lines = text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean)
  const paragraph = document.createElement("p")
  return lines.map((line) => ((paragraph.textContent = line), paragraph.outerHTML)).join("")
}

export const House = Extension.create({
  name: "house",
  priority: 1, // after the menu

  onBeforeCreate() {
    const { options } = this.editor
    const textarea = options.element.querySelector("textarea")
    const label = textarea.labels[0]
    const attributes = { "aria-multiline": "true", "aria-label": label?.textContent.replace(":", "").trim() ?? "" }
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (textarea.hasAttribute(name)) attributes[name] = textarea.getAttribute(name)
    }
    // The textarea is hidden from now on: its label and the links to it lead to the editor.
    attributes.id = textarea.id
    textarea.removeAttribute("id")
    label?.addEventListener("click", () => this.editor.commands.focus())
    options.content = fromText(textarea.value)
    options.injectCSS = false
    options.editorProps = { attributes, transformPastedHTML: withoutStyles }
  },

  onCreate() {
    const textarea = this.editor.options.element.querySelector("textarea")
    textarea.addEventListener("rich-text:set", () => {
      this.editor.commands.setContent(fromText(textarea.value), { emitUpdate: true })
    })
    for (const button of this.editor.options.element.querySelectorAll("button[data-name]")) {
      const title = TITLES[button.dataset.name]
      if (!title) continue
      button.title = title
      button.setAttribute("aria-label", title)
    }
  },
})
