/* The case page: keys for its choices and buttons, menus that close. It works without this file. */
(() => {
  const keysOff = () => {
    try { return localStorage.getItem("keys") === "off"; } catch { return false; }
  };
  const typing = (element) => element.closest?.("input, select, textarea, [contenteditable]");
  const menus = () => document.querySelectorAll("details.act[open]");

  const press = (target) => {
    const menu = target.closest("details.act");
    if (menu && target.matches("summary")) {
      menu.open = true;
      menu.querySelector("select, input:not([type=hidden])")?.focus();
      return;
    }
    target.focus();
    target.click();
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const menu of menus()) {
        menu.open = false;
        menu.querySelector("summary").focus();
        event.stopImmediatePropagation();
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || keysOff()) return;
    if (document.querySelector("dialog[open]")) return;
    const target = event.key === "c"
      ? document.getElementById("comment")
      : document.querySelector(`[data-key="${CSS.escape(event.key)}"]:not(:disabled)`);
    if (!target) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    press(target);
  }, true);

  /* One menu at a time; a click elsewhere closes it. */
  document.addEventListener("click", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
  });

  /* After another choice was opened, the focus stays on it. */
  let chosen = "";
  document.addEventListener("htmx:beforeRequest", (event) => {
    chosen = event.target.id?.startsWith("choice-") ? event.target.id : "";
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (chosen) document.getElementById(chosen)?.focus({ preventScroll: true });
    chosen = "";
  });
})();
