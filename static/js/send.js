// Send to Amazon as a dialog on the order's page. Without this its link leads to a page.
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const dialog = document.getElementById(detail.elt.dataset.opens ?? "");
  if (dialog && detail.successful && !dialog.open) dialog.showModal();
});

// What was focused is gone with the old screen: go on at the button that was pressed where the
// new screen has it still, such as one that adds a row, and else at its head.
let pressed = "";
document.addEventListener("htmx:beforeRequest", ({ detail, target }) => {
  const button = detail.requestConfig.triggeringEvent?.submitter;
  const isFill = button?.name === "fill" && target.closest("#send-body");
  pressed = isFill ? `button[name=fill][value="${CSS.escape(button.value)}"]` : "";
});
document.addEventListener("htmx:afterSettle", ({ target }) => {
  const body = target.closest?.("#send-body") ?? document.getElementById("send-body");
  if (!body || document.activeElement !== document.body) return;
  if (body.closest("dialog:not([open])") || body.querySelector("[aria-invalid=true]")) return;
  const told = body.querySelector("[role=alert] p, [data-focus]");
  told?.setAttribute("tabindex", "-1");
  ((pressed && body.querySelector(pressed)) || told)?.focus();
});

// An address that is not known yet: its fields unfold where it is chosen.
document.addEventListener("change", ({ target }) => {
  if (target.id === "ship_from" && target.value === "new") document.getElementById("new-address").open = true;
});

// Closed, it asks for nothing any more; opened again, it shows how things stand then.
document.getElementById("send")?.addEventListener("close", ({ currentTarget }) => {
  const body = currentTarget.querySelector("#send-body");
  const empty = document.createElement("div");
  empty.id = "send-body";
  empty.className = "sending";
  body.replaceWith(empty);
  // Opened by itself after saving, nothing had the focus that it could go back to.
  if (currentTarget.contains(document.activeElement)) document.getElementById("send-open")?.focus();
  if (location.search.includes("send=open")) history.replaceState(null, "", location.pathname);
});
