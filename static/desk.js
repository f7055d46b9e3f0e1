"use strict";
/* The queue: choosing rows, the bar of what is chosen, rows drawn anew where they stand.
   Every page works without this file; the server draws all that is shown. */
(() => {
  const { keys } = window.throughline;
  const all = (selector) => [...document.querySelectorAll(selector)];
  const boxes = () => all("#list input[name=case]");
  const bar = () => document.getElementById("bulkbar");
  const current = () => document.querySelector("tr[data-current]") ?? document.querySelector("tr[data-case]");
  const focusRow = () => current()?.querySelector("a[data-open]")?.focus();

  /* Choosing */
  let wanted = "";  // a key that was pressed before the bar was there
  let timer = 0;
  let whole = false;  // all of the list, not of the page
  let drawing = false;
  let stale = false;  // something was chosen while the bar was on its way
  const draw = async () => {
    if (drawing) { stale = true; return; }
    drawing = true;
    try {
      do { stale = false; await drawOnce(); } while (stale);
    } finally { drawing = false; }
  };
  const drawOnce = async () => {
    const form = document.getElementById("bulk");
    if (!form || !bar()) return;
    const asked = new URLSearchParams(new FormData(form));
    if (whole) { asked.delete("case"); asked.set("all", "1"); }
    if (!whole && !asked.has("case")) return clear();
    document.documentElement.dataset.bar = "asked";
    await htmx.ajax("GET", `${form.dataset.bulk}?${asked}`, { target: "#bulkbar", swap: "outerHTML" });
  };
  const clear = () => {
    wanted = "";
    if (bar()) { bar().replaceChildren(); bar().className = ""; }
  };
  const shown = () => {
    const made = boxes();
    const chosen = made.filter((box) => box.checked).length;
    const head = document.querySelector("[data-choose-page]");
    if (head) {
      head.checked = made.length > 0 && chosen === made.length;
      head.indeterminate = chosen > 0 && chosen < made.length;
    }
  };
  const changed = (isWhole = false) => {
    whole = isWhole;
    shown();
    delete document.documentElement.dataset.bar;
    clearTimeout(timer);
    timer = setTimeout(draw, 40);
  };
  const chooseAll = (checked) => { for (const box of boxes()) box.checked = checked; };
  const chooseNone = () => {
    chooseAll(false);
    whole = false;
    clearTimeout(timer);
    stale = drawing;  // what is on its way is of what was chosen before
    shown();
    clear();
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-choose-page]")) { chooseAll(event.target.checked); changed(); }
    else if (event.target.matches("#list input[name=case]")) changed();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#list [data-choose-all], #list [data-choose-none]");
    if (!link) return;
    event.preventDefault();
    if (link.matches("[data-choose-all]")) { chooseAll(true); changed(true); }
    else { chooseNone(); focusRow(); }
  });

  /* What the keys do is what the controls do that show them. */
  const press = (control) => {
    if (control.tagName !== "SUMMARY") return control.click();
    control.parentElement.open = true;
    control.parentElement.querySelector(".menu :is(select, textarea, input:not([type=hidden]), button)")?.focus();
  };
  const worked = (key) => () => {
    const control = document.querySelector(`#bulkbar [data-key="${key}"]`);
    if (control && document.documentElement.dataset.bar === "shown") return press(control);
    const box = current()?.querySelector("input[name=case]");
    if (!whole && !boxes().some((each) => each.checked)) {
      if (!box) return;
      box.checked = true;
    }
    wanted = key;
    changed(whole);
  };
  Object.assign(keys, {
    "x": () => {
      const row = current();
      const box = row?.querySelector("input[name=case]");
      if (!box) return;
      if (!row.contains(document.activeElement)) row.querySelector("a[data-open]")?.focus();
      box.checked = !box.checked;
      changed();
    },
    "*": () => { chooseAll(true); changed(true); },
    "u": () => all(".toast [data-key=u]").at(-1)?.click(),
  });
  for (const key of ["a", "c", "e", "w", "z"]) keys[key] = worked(key);

  document.addEventListener("htmx:afterSettle", () => {
    if (!bar()?.firstElementChild || document.documentElement.dataset.bar !== "asked") return;
    document.documentElement.dataset.bar = "shown";
    const control = wanted && document.querySelector(`#bulkbar [data-key="${wanted}"]`);
    wanted = "";
    if (control) press(control);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!event.target.matches?.("#bulkbar.deciding")) return;
    const field = event.target.querySelector("[data-first]")
      ?? event.target.querySelector(".bulk-fields :is(select, textarea, input:not([type=hidden]))");
    field?.focus();
  });

  /* What was done is seen in the rows themselves; what failed stays chosen. */
  document.addEventListener("cases:worked", (event) => {
    const failed = new Set((event.detail.failed ?? []).map(String));
    whole = false;
    for (const box of boxes()) box.checked = failed.has(box.value);
    if (failed.size) changed(); else { shown(); clear(); }
    focusRow();
    redraw();
  });

  /* Rows in their place: nothing moves, what changed is tagged, what is settled stays struck through. */
  const redraw = async () => {
    const place = document.querySelector("[data-rows]");
    const rows = all("#list tr[data-case]");
    if (!place || !rows.length) return;
    const address = new URL(place.dataset.rows, location.href);
    address.searchParams.set("since", place.dataset.since);
    for (const row of rows) address.searchParams.append("row", `${row.dataset.case}:${row.dataset.gap}`);
    const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok) return;
    const made = document.createElement("template");
    made.innerHTML = await answer.text();
    for (const fresh of made.content.querySelectorAll("tr[data-case]")) replace(fresh);
    shown();
  };
  const replace = (fresh) => {
    const old = document.getElementById(fresh.id);
    if (!old) return;
    const box = fresh.querySelector("input[name=case]");
    const links = (row) => [...row.querySelectorAll("a, input")];
    const at = links(old).indexOf(document.activeElement);
    if (box) box.checked = old.querySelector("input[name=case]")?.checked ?? false;
    if (old.hasAttribute("data-current")) fresh.setAttribute("data-current", "");
    fresh.dataset.gap = old.dataset.gap;
    old.replaceWith(fresh);
    if (at >= 0) (links(fresh)[at] ?? fresh.querySelector("a[data-open]"))?.focus({ preventScroll: true });
  };
  let soon = 0;
  document.addEventListener("htmx:sseBeforeMessage", (event) => {
    if (!event.target.closest("[data-rows]") || soon) return;
    soon = setTimeout(() => { soon = 0; redraw(); }, 2000);
  });

  /* After a list is drawn anew the focus is where it was, or on the neighbour. */
  let before = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target?.id !== "list") return;
    const row = document.activeElement?.closest("tr[data-case]");
    before = row ? { id: row.id, at: all("#list tr[data-case]").indexOf(row) } : { id: document.activeElement?.id };
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!before || event.target.id !== "list") return;
    const rows = all("#list tr[data-case]");
    const same = before.id ? document.getElementById(before.id) : null;
    const row = same?.matches("tr") ? same : before.at === undefined ? null : rows[Math.min(before.at, rows.length - 1)];
    if (row) row.querySelector("a[data-open]")?.focus();
    else if (same) same.focus();
    else if (document.activeElement === document.body) document.getElementById("main")?.focus();
    before = null;
    whole = false;
  });

  /* Menus: one is open, Escape closes it and gives the focus back. */
  document.addEventListener("click", (event) => {
    for (const pop of all("details[data-pop][open]")) if (!pop.contains(event.target)) pop.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key === "Enter" && field.closest?.("[data-pop]")) {
      if (field.matches("select") || (field.matches("textarea") && (event.ctrlKey || event.metaKey))) {
        event.preventDefault();
        field.form.requestSubmit();
      }
      return;
    }
    if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
    const pop = document.querySelector("details[data-pop][open]");
    if (pop) { pop.open = false; pop.querySelector("summary").focus(); }
    else if (document.querySelector("#list #bulkbar.deciding")) { changed(whole); focusRow(); }
    else if (bar()?.firstElementChild && boxes().length) { chooseNone(); focusRow(); }
    else return;
    event.stopImmediatePropagation();
    event.preventDefault();
  }, true);
  shown();
  if (boxes().some((box) => box.checked)) changed();
})();
