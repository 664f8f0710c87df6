// The editor of rich texts, in French, named for who cannot see it, and under our content security policy:
// it may not add a <style> element to the page, whose rules are in static/css/rich-text.css instead.
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

export const House = Extension.create({
  name: "house",
  priority: 1, // after the menu

  onBeforeCreate() {
    const { options } = this.editor
    const textarea = options.element.querySelector("textarea")
    const label = textarea.labels[0]
    const help = textarea.getAttribute("aria-describedby")
    const attributes = { "aria-multiline": "true", "aria-label": label?.textContent.replace(":", "").trim() ?? "" }
    if (help) attributes["aria-describedby"] = help
    // The textarea is hidden from now on: its label and the links to it lead to the editor.
    attributes.id = textarea.id
    textarea.removeAttribute("id")
    label?.addEventListener("click", () => this.editor.commands.focus())
    options.injectCSS = false
    options.editorProps = { attributes, transformPastedHTML: withoutStyles }
  },

  onCreate() {
    for (const button of this.editor.options.element.querySelectorAll("button[data-name]")) {
      const title = TITLES[button.dataset.name]
      if (!title) continue
      button.title = title
      button.setAttribute("aria-label", title)
    }
  },
})
