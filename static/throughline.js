"use strict";
/* Keys, appearance, live changes. Every page works without this file; nothing here builds content. */
(() => {
  const root = document.documentElement;
  const narrow = window.matchMedia("(max-width: 899px)");
  root.classList.add("scripted");

  /* Appearance: at once here, by a post without scripts. */
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-theme-form]");
    if (!form || !event.submitter) return;
    event.preventDefault();
    const chosen = event.submitter.value;
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `theme=${chosen}; path=/; max-age=31536000; samesite=lax${secure}`;
    root.dataset.theme = chosen;
    for (const button of form.querySelectorAll("[name=theme]")) {
      button.setAttribute("aria-pressed", String(button.value === chosen));
    }
  });

  /* Keys: off while typing, and wholly off where somebody says so. */
  const keysOff = () => {
    try { return localStorage.getItem("keys") === "off"; } catch { return false; }
  };
  const typing = (element) =>
    element.closest("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]") !== null;
  const rowLinks = () => [...document.querySelectorAll("table.rows a[data-open]")];
  const mark = (link) => {
    for (const row of document.querySelectorAll("tr[data-current]")) row.removeAttribute("data-current");
    link?.closest("tr")?.setAttribute("data-current", "");
  };
  const move = (step) => {
    const links = rowLinks();
    if (!links.length) return;
    const now = links.findIndex((link) => link.closest("tr").hasAttribute("data-current"));
    const next = links[Math.min(Math.max(now + step, 0), links.length - 1)];
    next.focus();
    mark(next);
  };
  const find = (...ids) => ids.map((id) => document.getElementById(id)).find((element) => element);
  const actions = {
    "/": () => find("filter", "go-anywhere")?.focus(),
    "j": () => move(1),
    "k": () => move(-1),
    "?": () => document.getElementById("keys")?.showModal(),
    "Enter": () => {
      const link = document.querySelector("tr[data-current] a[data-open]");
      if (link && document.activeElement !== link) link.click();
      return link !== null && document.activeElement !== link;
    },
  };

  /* Pages add keys of their own. */
  window.throughline = { keys: actions };

  document.addEventListener("focusin", (event) => {
    if (event.target.closest("table.rows")) mark(event.target.closest("tr")?.querySelector("a[data-open]"));
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      const box = document.getElementById("go-anywhere");
      box?.focus();
      box?.select();
      return;
    }
    if (event.key === "Escape") {
      if (document.querySelector("dialog[open]")) return;
      const menu = document.querySelector(".person[open]");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      } else if (typing(event.target)) {
        event.target.blur();
      } else {
        document.querySelector("[data-close]")?.click();
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || keysOff()) return;
    if (document.querySelector("dialog[open]")) return;
    const act = actions[event.key];
    if (!act || (event.key === "Enter" && event.target.closest("a, button, summary"))) return;
    event.preventDefault();
    act();
  });
  for (const box of document.querySelectorAll("[data-keys-switch]")) {
    box.checked = !keysOff();
    box.addEventListener("change", () => {
      try { localStorage.setItem("keys", box.checked ? "on" : "off"); } catch { /* no storage: on again next time */ }
    });
  }
  document.addEventListener("click", (event) => {
    const menu = document.querySelector(".person[open]");
    if (menu && !menu.contains(event.target)) menu.open = false;
  });

  /* A document is a drawer beside the page, and a page of its own where there is no room beside. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-page]");
    if (!link || !narrow.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    location.href = link.dataset.page;
  }, true);

  /* The stream is asked for with a signed token, not with cookies. */
  if (window.htmx) htmx.createEventSource = (url) => new EventSource(url);

  /* Live: changes are counted, nothing moves until somebody asks. */
  document.addEventListener("htmx:sseBeforeMessage", (event) => {
    const place = event.target.closest("[data-live]");
    if (!place) return;
    event.preventDefault();
    const shown = place.querySelector("[data-live-show]");
    const told = /^\d+$/.test(event.detail.data) ? Number(event.detail.data) : 1;
    const count = Number(place.dataset.count || 0) + Math.max(told, 1);
    place.dataset.count = String(count);
    shown.textContent = count === 1 ? place.dataset.one : place.dataset.many.replace("%s", String(count));
    shown.hidden = false;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const place = event.target.closest?.("[data-live]");
    if (!place || !event.detail.successful) return;
    place.dataset.count = "0";
    place.querySelector("[data-live-show]").hidden = true;
  });

  /* What did not load is said where it is, and the old content stays. */
  const failed = () => document.getElementById("part-failed")?.removeAttribute("hidden");
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:afterSwap", () => document.getElementById("part-failed")?.setAttribute("hidden", ""));

  /* Toasts stay ten seconds, longer while somebody is on them or reads what failed. */
  const time = (toast) => {
    if (!(toast instanceof Element) || !toast.matches(".toast:not([hidden])") || toast.id) return;
    const leave = () =>
      (toast.matches(":hover, :focus-within, :has(details[open])") ? setTimeout(leave, 2000) : toast.remove());
    setTimeout(leave, 10000);
  };
  for (const place of document.querySelectorAll(".toasts")) {
    [...place.children].forEach(time);
    new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach(time)))
      .observe(place, { childList: true });
  }
})();
