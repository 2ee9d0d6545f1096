// Adds a button to each wording of a review that copies it. The page reads and prints without this.
const review = document.getElementById("review");

for (const wording of review.querySelectorAll(".r-wording")) {
  const text = wording.querySelector(".r-paste");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button r-copy-button";
  button.textContent = review.dataset.copy;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = review.dataset.copied;
    } catch {
      getSelection().selectAllChildren(text); // without the right to copy, the words are at least marked for the keyboard
    }
  });
  wording.append(button);
}
