// What HTML alone cannot do: say what was saved, move the focus to an error, and a few keys.
const typing = (element) => element.closest("input, textarea, select, [contenteditable]");
let going = false;

document.addEventListener("toast", (event) => {
  const line = document.createElement("p");
  line.className = "toast-line";
  line.textContent = event.detail.value;
  document.getElementById("toast").replaceChildren(line);
});

const focusFirstError = (root) => root.querySelector("[aria-invalid=true], [role=alert][tabindex]")?.focus();
// After settling: until then htmx shows the old attributes on elements of the same id.
document.addEventListener("htmx:afterSettle", (event) => focusFirstError(event.target));
// The line stays until the next act: it arrives before the swap of its own answer.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.requestConfig.verb !== "get") document.getElementById("toast").replaceChildren();
});
document.addEventListener("DOMContentLoaded", () => {
  focusFirstError(document);
  document.querySelector("form[data-send]")?.requestSubmit();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return closeMenu();
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (going) {
    going = false;
    document.querySelector(`a[data-go="${CSS.escape(event.key)}"]`)?.click();
  } else if (event.key === "g") {
    going = true;
    setTimeout(() => { going = false; }, 1500);
  } else if (event.key === "/") {
    event.preventDefault();
    document.querySelector("input[type=search]")?.focus();
  } else if (event.key === "?") {
    const keys = document.getElementById("keys");
    if (keys && !keys.open) keys.showModal();
  } else if (event.key === "j" || event.key === "k") {
    step(event.key === "j" ? 1 : -1);
  } else if (event.key === "x") {
    event.target.closest("tr")?.querySelector("[data-units]")?.click();
  } else if (event.key === "i") {
    (event.target.closest("tr") ?? document.querySelector(".note:has([data-key=i])"))?.querySelector("[data-key=i]")?.click();
  } else if (event.key === "u") {
    document.querySelector("[data-key=u]")?.click();
  }
});

function closeMenu() {
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
}

document.addEventListener("click", (event) => {
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

// Ticks of a list: all at once, and what is ticked in the bar below.
document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-tick-all], [data-units]")) return;
  if (target.matches("[data-tick-all]")) ticks().forEach((one) => { one.checked = target.checked; });
  tellTicks();
});
document.addEventListener("reset", () => setTimeout(tellTicks));  // the ticks are gone after it

const ticks = () => [...document.querySelectorAll("[data-units]")];

function tellTicks() {
  ticks().forEach((one) => one.closest("tr").classList.toggle("is-picked", one.checked));
  const picked = ticks().filter((one) => one.checked);
  const units = picked.reduce((sum, one) => sum + Number(one.dataset.units), 0);
  const told = document.querySelector("[data-ticked]");
  if (told) told.textContent = `${picked.length} selected, ${units} unit${units === 1 ? "" : "s"}${told.dataset.ticked}`;
}

function step(by) {
  const links = [...document.querySelectorAll("tbody th[scope=row] a")];
  const at = links.indexOf(document.activeElement);
  links[Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
}

// A line of an order goes at once: asking for all of them again takes seconds where there are 2,000.
// One with a fault is left to the server: without it, another may be sound.
document.addEventListener("click", (event) => {
  const row = event.target.closest("button[name=drop]")?.closest("tr");
  if (!row || row.querySelector("[aria-invalid=true]")) return;
  event.preventDefault();
  const { parentElement: rows, nextElementSibling, previousElementSibling } = row;
  row.remove();
  const count = rows.children.length;
  document.getElementById("lines-h").textContent = `${count.toLocaleString("en")} line${count === 1 ? "" : "s"}`;
  ((nextElementSibling ?? previousElementSibling)?.querySelector("button[name=drop]") ?? document.getElementById("lines")).focus();
});
