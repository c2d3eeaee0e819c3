// Writing: the field, the command menu and the reply keyboard under it.

import { whereTo } from "./rooms.js";
import { post } from "./server.js";
import { toast } from "./taps.js";

const at = (id) => document.getElementById(id);
const text = at("text"), menu = at("menu"), menuButton = at("menu-button");
const keyboard = at("keyboard"), keyboardButton = at("keyboard-button");

async function say(words) {
  closeMenu();
  try {
    await post("/chat/send", { text: words, ...whereTo() });
    return true;
  } catch {
    toast("보내지 못했습니다. 다시 보내 주세요.");
    return false;
  }
}

function grow() {
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight + 2}px`;
  at("send").disabled = !text.value.trim();
}

async function submit() {
  const words = text.value.trim();
  if (!words) return;
  text.value = "";
  grow();
  if (!(await say(words))) {
    text.value = words;
    grow();
  }
}

text.addEventListener("input", grow);
text.addEventListener("keydown", (event) => {
  // Enter inside a Korean syllable that is still being composed belongs to the input method
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    submit();
  }
});
at("compose").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
  text.focus();
});
document.addEventListener("click", (event) => {
  const command = event.target.closest("[data-command]");
  if (command) say(command.dataset.command);
  if (!event.target.closest(".foot")) closeMenu();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || menu.hidden) return;
  closeMenu();
  menuButton.focus();
});

// --- the command menu

export function fillMenu(commands) {
  menuButton.hidden = commands.length === 0;
  menu.replaceChildren(...commands.map(({ command, description }) => {
    const item = document.createElement("button");
    item.type = "button";
    item.setAttribute("role", "menuitem");
    item.dataset.command = `/${command}`;
    const name = document.createElement("b");
    name.textContent = `/${command}`;
    const words = document.createElement("span");
    words.textContent = description;
    item.append(name, words);
    return item;
  }));
}

function closeMenu() {
  menu.hidden = true;
  menuButton.setAttribute("aria-expanded", "false");
}

menuButton.addEventListener("click", () => {
  menu.hidden = !menu.hidden;
  menuButton.setAttribute("aria-expanded", String(!menu.hidden));
  if (!menu.hidden) menu.firstElementChild?.focus();
});
menu.addEventListener("keydown", (event) => {
  const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
  if (!step) return;
  event.preventDefault();
  document.activeElement[step]?.focus();
});

// --- the reply keyboard

export function fillKeyboard(markup) {
  text.placeholder = markup.input_field_placeholder ?? "메시지";
  if (markup.force_reply) return text.focus();
  const rows = markup.keyboard ?? [];
  keyboardButton.hidden = rows.length === 0;
  toggle(rows.length > 0);
  return keyboard.replaceChildren(...rows.map((row) => {
    const line = document.createElement("div");
    line.className = "keys-row";
    line.append(...row.map((button) => replyKey(button.text, markup.one_time_keyboard)));
    return line;
  }));
}

function replyKey(words, once) {
  const key = document.createElement("button");
  key.type = "button";
  key.className = "key";
  key.textContent = words;
  key.addEventListener("click", () => {
    say(words);
    if (once) toggle(false);
  });
  return key;
}

function toggle(open) {
  keyboard.hidden = !open;
  keyboardButton.setAttribute("aria-expanded", String(open));
}

keyboardButton.addEventListener("click", () => toggle(keyboard.hidden));
