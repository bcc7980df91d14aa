// The pages work without this file; it adds the Design System's behaviour where a browser can run it.

import { Button, createAll, ErrorSummary, Radios, ServiceNavigation, SkipLink } from "govuk-frontend";

// The Design System's template does this in a line of script inside the page, which our content security policy refuses.
// This file is loaded as a module, so a browser that reads it is one that the components support.
document.body.classList.add("js-enabled", "govuk-frontend-supported");

for (const component of [Button, ErrorSummary, Radios, ServiceNavigation, SkipLink]) {
  createAll(component);
}

// A table that is wider than the page scrolls inside itself, and says so while it does.
if ("ResizeObserver" in window) {
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const box = target.closest(".app-scroll");
      box.classList.toggle("app-scroll--more", box.scrollWidth > box.clientWidth + 1);
    }
  });
  for (const table of document.querySelectorAll(".app-scroll > *")) {
    watch.observe(table);
    watch.observe(table.parentElement);
  }
}

const isChanged = (field) =>
  field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;

// The meeting: ← and → turn the page, as on any presentation, but not while somebody types or moves along the levels,
// nor once anything was typed or chosen that is not recorded yet.
document.addEventListener("keydown", (event) => {
  const direction = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  const isTaken = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
  if (!direction || isTaken || event.target.closest("input, textarea, select, summary")) {
    return;
  }
  const fields = [...document.querySelectorAll(".app-meeting form input, .app-meeting form textarea")];
  if (!fields.some(isChanged)) {
    document.querySelector(`.app-meeting__ways a[rel="${direction}"]`)?.click();
  }
});
