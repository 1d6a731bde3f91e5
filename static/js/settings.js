// Settings forms: mark what differs from what is stored, count it, and reset a field in place.
// Without this a reset goes to the server and comes back with the form as typed.
const valueOf = (control) => (control.type === "checkbox" ? (control.checked ? "y" : "") : control.value);
const controlOf = (box) => box.querySelector("input, select, textarea");

function mark(form) {
  let count = 0;
  form.querySelectorAll(".field[data-saved]").forEach((box) => {
    const value = valueOf(controlOf(box));
    const edited = value !== box.dataset.saved;
    count += edited;
    box.classList.toggle("is-edited", edited);
    const words = box.querySelector(".unsaved");
    if (words) words.hidden = !edited;
    const reset = box.querySelector("button[name=reset]");
    if (reset) reset.hidden = value === "";
  });
  const total = form.querySelector("[data-unsaved]");
  if (!total) return;
  total.hidden = count === 0;
  total.firstChild.data = `${count} change${count === 1 ? "" : "s"} not saved `;
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form#settings");
  if (form) mark(form);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("form#settings button[name=reset]");
  if (!button) return;
  event.preventDefault();
  const form = button.form;
  const one = button.closest(".field");
  const boxes = one ? [one] : [...form.querySelectorAll(".field")].filter((box) => box.querySelector("button[name=reset]"));
  boxes.forEach((box) => { controlOf(box).value = ""; });
  if (one) controlOf(one).focus();
  controlOf(boxes[0]).dispatchEvent(new Event("input", { bubbles: true }));
});

// On a phone the pages of the settings scroll sideways: show the one that is open.
const here = document.querySelector(".side [aria-current]");
if (here) here.closest("ul").scrollLeft = here.offsetLeft - here.closest("ul").offsetLeft;
