// The pinned messages: the newest above the chat; a tap goes to it, and shows the one before.

import { toMessage } from "./view.js";

const bar = document.getElementById("pinned");
const words = document.getElementById("pinned-words");
const label = document.getElementById("pinned-label");
let pins = [];
let shown = 0;

export function fillPins(found) {
  pins = found;
  shown = pins.length - 1;
  show();
}

function show() {
  bar.hidden = pins.length === 0;
  if (bar.hidden) return;
  label.textContent = pins.length > 1 ? `고정된 메시지 ${shown + 1}/${pins.length}` : "고정된 메시지";
  words.textContent = pins[shown].text;
}

bar.addEventListener("click", () => {
  toMessage(pins[shown].id);
  shown = (shown + pins.length - 1) % pins.length;
  show();
});
