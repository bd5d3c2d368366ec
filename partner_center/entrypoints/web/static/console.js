// What makes the console quicker to use. Every page works without it; nothing here knows what a page is about.
(() => {
  const root = document.documentElement;
  const keep = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private window: not kept */ } };
  const on = (type, selector, act) => document.addEventListener(type, (event) => {
    const found = event.target.closest?.(selector);
    if (found) act(found, event);
  });

  // Appearance and the folded menu, kept on this device.
  const showTheme = () => document.querySelectorAll("[data-theme-set]").forEach((each) =>
    each.setAttribute("aria-pressed", String(each.dataset.themeSet === (root.dataset.theme || "auto"))));
  on("click", "[data-theme-set]", (button) => {
    const asked = button.dataset.themeSet;
    const dark = asked === "dark" || (asked === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
    keep("pc-theme", asked);
    root.dataset.theme = asked;
    root.dataset.bsTheme = dark ? "dark" : "light";
    showTheme();
  });
  on("click", "[data-fold]", () => keep("pc-folded", root.classList.toggle("pc-folded") ? "yes" : "no"));

  // Drawer: the link that closes it is a real address; Esc follows it, htmx empties the drawer in place. The focus goes
  // back to the link that opened it.
  let opener = null;
  const closeDrawer = () => {
    const link = document.querySelector("[data-drawer-close]");
    if (!link) return false;
    document.getElementById("drawer").replaceChildren();
    history.replaceState(null, "", link.href);
    document.querySelectorAll("tr.pc-opened").forEach((row) => row.classList.remove("pc-opened"));
    if (opener?.isConnected) opener.focus();
    opener = null;
    return true;
  };
  on("click", "[data-drawer-close]", (_, event) => { event.preventDefault(); closeDrawer(); });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "drawer") return;
    event.target.querySelector("[data-drawer]")?.focus();
    document.querySelectorAll("tr.pc-opened").forEach((row) => row.classList.remove("pc-opened"));
    opener = event.detail.requestConfig?.elt || null;
    opener?.closest("tr")?.classList.add("pc-opened");
  });

  // Keys: Esc closes what is open, / goes to the search.
  const typing = (target) => target.matches?.("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = document.querySelector("details[data-menu][open]");
      if (menu) { menu.open = false; menu.querySelector("summary").focus(); } else if (!typing(event.target)) closeDrawer();
    }
    if (event.key === "/" && !typing(event.target) && !event.ctrlKey && !event.metaKey) {
      const search = document.querySelector("[data-find], main input[type=search]");
      if (search) { event.preventDefault(); search.focus(); }
    }
  });
  // A queue: J and K go to the next and the one before, Ctrl or Cmd with Enter sends the form that decides. The list stays;
  // the line of what was opened is marked in it.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest?.("form[data-quick]") || document.querySelector("form[data-quick]");
      if (form) { event.preventDefault(); form.requestSubmit(); }
    }
    if (typing(event.target) && event.target.type !== "checkbox" && event.target.type !== "radio") return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "j") document.querySelector("[data-next]")?.click();
    if (event.key === "k") document.querySelector("[data-prev]")?.click();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const opened = event.target.querySelector?.("[data-item]");
    if (!opened) return;
    document.querySelectorAll("[data-queue] a").forEach((link) => {
      if (link.pathname.includes(opened.dataset.item)) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
    });
    document.querySelector("[data-queue] [aria-current]")?.scrollIntoView({ block: "nearest" });
    opened.closest(".pc-reviews").classList.add("pc-chosen");
    opened.focus({ preventScroll: true });
    if (matchMedia("(max-width: 820px)").matches) scrollTo(0, 0);
  });
  document.addEventListener("click", (event) => document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  }));

  // Selecting rows: the bar says how many, and the sum of what they hold.
  const amount = (minor) => (minor < 0 ? "\u2212" : "") + (Math.abs(minor) / 100).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const showSelection = (scope) => {
    const boxes = [...scope.querySelectorAll("[data-check]:not(:disabled)")];
    const chosen = boxes.filter((box) => box.checked);
    boxes.forEach((box) => box.closest("tr")?.classList.toggle("pc-selected", box.checked));
    const all = scope.querySelector("[data-check-all]");
    if (all) { all.checked = boxes.length > 0 && chosen.length === boxes.length; all.indeterminate = chosen.length > 0 && !all.checked; }
    const bar = scope.querySelector("[data-bulk]");
    if (!bar) return;
    bar.classList.toggle("pc-shown", chosen.length > 0);
    const minor = chosen.reduce((total, box) => total + Number(box.dataset.minor || 0), 0);
    bar.querySelector("[data-bulk-sentence]").textContent = bar.dataset.sentence
      .replace("{n}", String(chosen.length)).replace("{sum}", bar.dataset.symbol + amount(minor));
  };
  const scopeOf = (element) => element.closest("form:not(#pc-post), .pc-card") || document;
  on("change", "[data-check]", (box) => showSelection(scopeOf(box)));
  const checkAll = (scope, checked) => { scope.querySelectorAll("[data-check]:not(:disabled)").forEach((box) => { box.checked = checked; }); showSelection(scope); };
  on("change", "[data-check-all]", (all) => checkAll(scopeOf(all), all.checked));
  on("click", "[data-check-none]", (button) => checkAll(scopeOf(button), false));

  // Selects of a filter bar apply at once.
  on("change", "select[data-submit]", (select) => { if (!select.form.hasAttribute("hx-get")) select.form.requestSubmit(); });

  // A question before what cannot be undone: a link to a confirm page opens the <dialog> that is already here.
  on("click", "[data-dialog]", (link, event) => {
    const dialog = document.getElementById(link.dataset.dialog);
    if (dialog?.showModal) { event.preventDefault(); dialog.showModal(); }
  });
  on("click", "dialog [data-dialog-close]", (link, event) => { event.preventDefault(); link.closest("dialog").close(); });

  // Copying.
  on("click", "[data-copy]", async (button) => {
    const text = button.hasAttribute("data-copy-address") ? new URL(button.dataset.copy, location.href).href : button.dataset.copy;
    await navigator.clipboard.writeText(text);
    const label = button.querySelector("span");
    const said = button.dataset.done || document.body.dataset.copied;
    if (label) { const before = label.textContent; label.textContent = said; setTimeout(() => { label.textContent = before; }, 1600); }
    else { button.title = said; button.classList.add("pc-done"); setTimeout(() => button.classList.remove("pc-done"), 1600); }
  });

  // A form is sent once: a second press within ten seconds does nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent && Date.now() - Number(form.dataset.sent) < 10000 && form.id !== "pc-post") { event.preventDefault(); return; }
    form.dataset.sent = String(Date.now());
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

  // Long selects with data-search become searchable; what that needs is loaded only then.
  const here = document.currentScript.src;
  const load = (tag, attributes) => new Promise((resolve) => document.head.append(Object.assign(document.createElement(tag), attributes, { onload: resolve })));
  let loaded = null;
  const makeSearchable = async () => {
    const selects = [...document.querySelectorAll("select[data-search]:not(.tomselected)")];
    if (!selects.length) return;
    loaded ||= Promise.all([
      load("link", { rel: "stylesheet", href: new URL("vendor/tom-select.bootstrap5.min.css", here).href }),
      load("script", { src: new URL("vendor/tom-select.complete.min.js", here).href }),
    ]);
    await loaded;
    selects.filter((each) => !each.tomselect).forEach((each) => {
      each.setAttribute("aria-label", each.labels[0]?.textContent.trim() || each.name);
      new window.TomSelect(each, { maxOptions: 200 });
    });
  };

  // A table wider than its place can be reached and scrolled by keyboard.
  const makeScrollable = () => document.querySelectorAll(".pc-scroll").forEach((each) => {
    if (each.scrollWidth <= each.clientWidth) return;
    each.tabIndex = 0;
    each.setAttribute("role", "group");
    each.setAttribute("aria-label", each.querySelector("caption")?.textContent || "");
  });

  // More sections than the bar holds: they also stand in the menu, whose button shows then.
  const showAllSections = () => {
    const bar = document.querySelector(".pc-top-nav");
    if (bar) root.classList.toggle("pc-crowded", bar.scrollWidth > bar.clientWidth + 1);
  };
  addEventListener("resize", showAllSections);

  const start = () => {
    showTheme();
    showAllSections();
    document.querySelectorAll("form, .pc-card").forEach((scope) => { if (scope.querySelector("[data-bulk]")) showSelection(scope); });
    document.querySelector("[data-focus]")?.focus();
    document.querySelector(".pc-top-nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
    makeSearchable();
    makeScrollable();
  };
  start();
  document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) start(); });
})();
