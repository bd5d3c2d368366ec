// Before the first paint: which appearance this device was asked for, whether the menu is folded, and that scripts run.
(() => {
  const root = document.documentElement;
  const read = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const asked = read("pc-theme") || "auto";
  const dark = asked === "dark" || (asked === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.bsTheme = dark ? "dark" : "light";
  root.dataset.theme = asked;
  root.classList.add("pc-scripted");
  if (read("pc-folded") === "yes") root.classList.add("pc-folded");
})();
