// The editor of rich texts, under our content security policy: it may not add a <style> element to the page.
// What that element would say is in static/css/rich-text.css.
import { Extension } from "django-prose-editor/editor"

export const StaticStyles = Extension.create({
  name: "staticStyles",
  onBeforeCreate() {
    this.editor.options.injectCSS = false
  },
})
