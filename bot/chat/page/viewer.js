// A picture by itself, as large as the screen; another tap shows it in its own size.

const box = document.getElementById("viewer");
const image = document.getElementById("viewer-image");
const words = document.getElementById("viewer-words");
const save = document.getElementById("viewer-save");

export function view(photo, text) {
  image.src = photo.url;
  image.alt = text || "그림";
  words.textContent = text;
  words.hidden = !text;
  save.href = photo.url;
  save.download = photo.file_name ?? "chart.png";
  box.classList.remove("own-size");
  box.showModal();
}

image.addEventListener("click", () => box.classList.toggle("own-size"));
box.addEventListener("click", (event) => {
  if (event.target === box) box.close();
});
