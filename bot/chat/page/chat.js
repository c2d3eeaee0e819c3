// The chat: one long poll brings every change; what the owner does goes out as small POSTs.

import { draw } from "./message.js";

const at = (id) => document.getElementById(id);
const log = at("log"), scroll = at("scroll"), text = at("text"), status = at("status");
const menu = at("menu"), menuButton = at("menu-button"), keyboard = at("keyboard");
const POLL_SECONDS = 25;
const ANSWER_SECONDS = 15;
const TAP_SECONDS = 2;

let rev = -1; // nothing seen yet: the newest part of the chat comes first
let online = "";
let unread = 0;
let typingUntil = 0;
let answerUntil = 0; // a new message until then was asked for by a tap: it comes into view
let pinned = true; // the newest message is in view, so new ones may move the view
const pending = new Map(); // query id -> the key that waits for its answer

// --- talking to the server

async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const result = await answer.json();
  if (!answer.ok) throw new Error(result.error ?? String(answer.status));
  return result;
}

async function follow() {
  for (;;) {
    try {
      const query = new URLSearchParams({ after: rev, timeout: POLL_SECONDS, online });
      const answer = await fetch(`/chat/messages?${query}`);
      if (!answer.ok) throw new Error(String(answer.status));
      take(await answer.json());
    } catch {
      setStatus("서버에 다시 연결하는 중…", false);
      online = "";
      await new Promise((done) => setTimeout(done, 1500));
    }
  }
}

function take(seen) {
  if (seen.rev < rev) return location.reload(); // the server began a new state file
  const first = rev < 0;
  rev = seen.rev;
  online = seen.online ? "1" : "0";
  for (const message of seen.messages) place(message, first);
  for (const notice of seen.notices) announce(notice);
  if (seen.commands) fillMenu(seen.commands);
  if (seen.keyboard) fillKeyboard(seen.keyboard);
  showStatus();
  at("empty").hidden = log.childElementCount > 0;
  if (first) toBottom("instant");
}

function showStatus() {
  if (Date.now() < typingUntil) return setStatus("입력 중…", true);
  setStatus(online === "1" ? "온라인" : "오프라인 · 봇이 꺼져 있습니다", online === "1");
}

function setStatus(words, good) {
  if (status.textContent !== words) status.textContent = words;
  status.classList.toggle("online", good);
}

// --- messages

function place(message, first) {
  const old = at(`m${message.id}`);
  if (message.deleted) {
    old?.remove();
    return tidyDays();
  }
  const row = draw(message, press);
  if (old) {
    const stay = pinned;
    if (old.classList.contains("turn")) row.classList.add("turn");
    row.classList.add("changed");
    row.dataset.day = old.dataset.day;
    const focused = old.contains(document.activeElement);
    const below = old.getBoundingClientRect().top < scroll.getBoundingClientRect().top;
    const height = old.offsetHeight;
    old.replaceWith(row);
    if (focused) row.querySelector(".key")?.focus({ preventScroll: true });
    if (stay) toBottom("instant");
    else if (below) scroll.scrollTop += row.offsetHeight - height; // what is being read stays put
    return undefined;
  }
  if (typingUntil && message.from === "bot") typingUntil = 0;
  const last = log.lastElementChild;
  const day = dayOf(message.date);
  if (last?.dataset.day !== day) log.append(dayLine(day));
  else if (last.classList.contains("owner") !== (message.from === "owner")) row.classList.add("turn");
  row.dataset.day = day;
  if (!first) row.classList.add("fresh");
  const answers = message.from === "bot" && Date.now() < answerUntil; // what a tap asked for
  const stay = pinned || message.from === "owner" || answers;
  if (answers) answerUntil = 0;
  log.append(row);
  if (first) return undefined;
  if (stay) toBottom("instant");
  else {
    unread += 1;
    showJump();
  }
  return undefined;
}

function dayOf(seconds) {
  return new Intl.DateTimeFormat("ko-KR", { month: "long", day: "numeric", weekday: "long" })
    .format(new Date(seconds * 1000));
}

function dayLine(day) {
  const line = document.createElement("div");
  line.className = "day";
  line.dataset.day = day;
  line.textContent = day;
  return line;
}

function tidyDays() {
  for (const line of log.querySelectorAll(".day")) {
    if (!line.nextElementSibling?.classList.contains("row")) line.remove();
  }
}

// --- the view

function toBottom(behavior) {
  scroll.scrollTo({ top: scroll.scrollHeight, behavior });
  unread = 0;
  pinned = true;
  showJump();
}

function showJump() {
  at("jump").hidden = pinned;
  at("unread").hidden = unread === 0;
  at("unread").textContent = unread > 99 ? "99+" : String(unread);
  at("jump").setAttribute("aria-label", unread ? `새 메시지 ${unread}개, 맨 아래로` : "맨 아래로");
}

scroll.addEventListener("scroll", () => {
  pinned = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 48;
  if (pinned) unread = 0;
  showJump();
}, { passive: true });
at("jump").addEventListener("click", () => toBottom("smooth"));
new ResizeObserver(() => {
  document.documentElement.style.setProperty("--foot", `${document.querySelector(".foot").offsetHeight}px`);
  if (pinned) toBottom("instant");
}).observe(document.querySelector(".foot"));
new ResizeObserver(() => { if (pinned) toBottom("instant"); }).observe(scroll);
log.addEventListener("load", () => { if (pinned) toBottom("instant"); }, true);

// --- taps

async function press(messageId, data, key) {
  if (key.getAttribute("aria-busy") === "true") return;
  key.setAttribute("aria-busy", "true");
  answerUntil = Date.now() + TAP_SECONDS * 1000;
  const done = () => key.removeAttribute("aria-busy");
  try {
    const { query_id: query } = await post("/chat/press", { message_id: messageId, data });
    if (answered.has(query)) return done();
    pending.set(query, done);
    setTimeout(() => {
      if (!pending.delete(query)) return;
      done();
      toast("봇이 아직 답하지 않았습니다. 봇이 켜져 있는지 봐 주세요.");
    }, ANSWER_SECONDS * 1000);
  } catch {
    done();
    toast("이 버튼은 더 이상 쓸 수 없습니다.");
  }
}

const answered = new Set(); // answers that overtook the reply to the tap

function announce(notice) {
  if (notice.kind === "action") {
    typingUntil = Date.now() + 5000;
    setTimeout(showStatus, 5100);
    return;
  }
  answered.add(notice.query_id);
  pending.get(notice.query_id)?.();
  pending.delete(notice.query_id);
  if (!notice.text) return;
  if (notice.kind === "alert") {
    at("alert-text").textContent = notice.text;
    if (!at("alert").open) at("alert").showModal();
  } else toast(notice.text);
}

let toastTimer = 0;

function toast(words) {
  const box = at("toast");
  box.hidden = true;
  box.textContent = words;
  void box.offsetWidth; // begins the entrance again
  box.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { box.hidden = true; }, 3500 + 40 * words.length);
}

// --- writing

async function say(words) {
  closeMenu();
  try {
    await post("/chat/send", { text: words });
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
  event.target.closest(".spoiler")?.classList.add("shown");
  if (!event.target.closest(".foot")) closeMenu();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !menu.hidden) {
    closeMenu();
    menuButton.focus();
  }
  if (["Enter", " "].includes(event.key) && event.target.classList?.contains("spoiler")) {
    event.preventDefault();
    event.target.classList.add("shown");
  }
});

// --- the command menu

function fillMenu(commands) {
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

function fillKeyboard(markup) {
  text.placeholder = markup.input_field_placeholder ?? "메시지";
  if (markup.force_reply) {
    text.focus();
    return;
  }
  const rows = markup.keyboard ?? [];
  keyboard.hidden = rows.length === 0;
  at("keyboard-button").hidden = rows.length === 0;
  at("keyboard-button").setAttribute("aria-expanded", String(rows.length > 0));
  keyboard.replaceChildren(...rows.map((row) => {
    const line = document.createElement("div");
    line.className = "keys-row";
    line.append(...row.map((button) => {
      const key = document.createElement("button");
      key.type = "button";
      key.className = "key";
      key.textContent = button.text;
      key.addEventListener("click", () => {
        say(button.text);
        if (markup.one_time_keyboard) toggleKeyboard(false);
      });
      return key;
    }));
    return line;
  }));
}

function toggleKeyboard(open) {
  keyboard.hidden = !open;
  at("keyboard-button").setAttribute("aria-expanded", String(open));
}

at("keyboard-button").addEventListener("click", () => toggleKeyboard(keyboard.hidden));

// --- start

const config = await (await fetch("/chat/config")).json();
document.title = config.title;
at("title").textContent = config.title;
follow();
