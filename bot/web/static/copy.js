// Copies what stands in a field, where the browser can; without it the field is selected by hand.
for (const button of document.querySelectorAll("button[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  const said = document.getElementById(`${field.id}-copied`);
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = "Copié.";
    } catch {
      field.focus();
      field.select();
      said.textContent = "Le texte est sélectionné : copiez-le avec Ctrl + C.";
    }
  });
}
