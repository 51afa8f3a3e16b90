// Copies and prints the personal link, where the browser can.
const field = document.getElementById("personal-link");
const copy = document.getElementById("copy");
const print = document.getElementById("print");
const copied = document.getElementById("copied");

print.hidden = false;
print.addEventListener("click", () => window.print());
copy.hidden = false;
copy.addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(field.value);
    copied.textContent = "Lien copié.";
  } catch {
    field.focus();
    field.select();
    copied.textContent = "Le lien est sélectionné : copiez-le avec Ctrl + C.";
  }
});
