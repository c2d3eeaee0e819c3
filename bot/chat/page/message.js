// One message as a row: bubble, time, keys. The HTML comes from the server, which wrote every tag of it.

import { view } from "./viewer.js";
import { toMessage } from "./view.js";

function make(tag, className, words) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (words !== undefined) node.textContent = words;
  return node;
}

export function draw(message, press) {
  const row = make("div", `row ${message.service ? "service" : message.from}`);
  row.id = `m${message.id}`;
  row.dataset.from = message.from;
  if (message.thread) row.dataset.thread = message.thread;
  if (message.album) row.dataset.album = message.album;
  if (message.service) {
    row.append(make("p", "told", message.service));
    return row;
  }
  if (message.photo) row.classList.add("pictured");
  row.append(bubble(message));
  const keys = message.reply_markup?.inline_keyboard;
  if (keys?.length) {
    row.classList.add("keys");
    row.append(keysBox(message, keys, press));
  }
  return row;
}

function bubble(message) {
  const box = make("div", "bubble");
  box.append(make("span", "unseen", message.from === "owner" ? "나: " : `${message.name}: `));
  if (message.reply) box.append(reply(message.reply));
  if (message.photo) box.append(picture(message));
  if (message.document) box.append(file(message.document));
  const words = make("div", "words");
  words.innerHTML = message.html;
  for (const code of words.querySelectorAll(":scope > code")) {
    if (code.textContent.includes("\n")) asTable(code);
  }
  box.append(words, meta(message));
  return box;
}

// Several lines inside <code> are a table: they scroll sideways instead of breaking.
function asTable(code) {
  code.classList.add("table");
  code.tabIndex = 0;
  for (const [side, edge] of [["previousSibling", /\n$/], ["nextSibling", /^\n/]]) {
    const near = code[side];
    if (near?.nodeType === Node.TEXT_NODE) near.data = near.data.replace(edge, "");
  }
}

function reply(about) {
  const node = make("button", "reply", about.text);
  node.type = "button";
  node.addEventListener("click", () => toMessage(about.id));
  return node;
}

function picture(message) {
  const frame = make("button", "picture");
  frame.type = "button";
  frame.setAttribute("aria-label", "그림 크게 보기");
  const image = make("img");
  image.src = message.photo.url;
  image.width = message.photo.width;
  image.height = message.photo.height;
  image.alt = message.text.split("\n")[0] || "그림";
  frame.append(image);
  frame.addEventListener("click", () => view(message.photo, message.text));
  return frame;
}

// A file of words opens in a tab of its own; any other is saved.
function file(about) {
  const link = make("a", "file");
  link.href = about.url;
  if (about.opens) Object.assign(link, { href: `${about.url}?view=1`, target: "_blank", rel: "noopener" });
  else link.download = about.file_name;
  const mark = make("span", "file-mark", about.opens ? "≡" : "↓");
  mark.setAttribute("aria-hidden", "true");
  const name = make("span", "file-name", about.file_name);
  name.append(make("span", "file-size", sizeOf(about.file_size)));
  link.append(mark, name);
  return link;
}

function sizeOf(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 2 ** 20 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 2 ** 20).toFixed(1)} MB`;
}

function meta(message) {
  const moment = new Date(message.date * 1000);
  const time = make("time", "meta");
  time.dateTime = moment.toISOString();
  const clock = new Intl.DateTimeFormat("ko-KR", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  time.textContent = (message.edited ? "수정됨 " : "") + clock.format(moment);
  return time;
}

function keysBox(message, rows, press) {
  const box = make("div", "keys-box");
  for (const row of rows) {
    const line = make("div", "keys-row");
    line.append(...row.map((button) => key(message, button, press)));
    box.append(line);
  }
  return box;
}

function key(message, button, press) {
  const node = make(button.url ? "a" : "button", "key");
  node.append(make("span", "", button.text));
  if (button.url) {
    if (/^(https?|tg):/i.test(button.url)) node.href = button.url;
    node.target = "_blank";
    node.rel = "noopener noreferrer";
    return node;
  }
  node.type = "button";
  if (button.callback_data) {
    node.dataset.data = button.callback_data;
    node.addEventListener("click", () => press(message.id, button.callback_data, node));
  } else if (button.copy_text) {
    node.addEventListener("click", () => navigator.clipboard?.writeText(button.copy_text.text));
  } else node.disabled = true;
  return node;
}
