// Send to Amazon as a dialog on the order's page. Without this its link leads to a page.
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const dialog = document.getElementById(detail.elt.dataset.opens ?? "");
  if (dialog && detail.successful && !dialog.open) dialog.showModal();
});

// What was focused is gone with the old screen: go on at the head of the new one.
document.addEventListener("htmx:afterSettle", ({ target }) => {
  const body = target.closest?.("#send-body") ?? document.getElementById("send-body");
  if (!body || document.activeElement !== document.body) return;
  if (body.closest("dialog:not([open])") || body.querySelector("[aria-invalid=true]")) return;
  body.querySelector("[role=alert] p, [data-focus]")?.setAttribute("tabindex", "-1");
  body.querySelector("[role=alert] p, [data-focus]")?.focus();
});

// Closed, it asks for nothing any more; opened again, it shows how things stand then.
document.getElementById("send")?.addEventListener("close", ({ currentTarget }) => {
  const body = currentTarget.querySelector("#send-body");
  const empty = document.createElement("div");
  empty.id = "send-body";
  empty.className = "sending";
  body.replaceWith(empty);
  if (location.search.includes("send=open")) history.replaceState(null, "", location.pathname);
});
