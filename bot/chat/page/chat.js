// The chat: one long poll brings every change of the chat that is open.

import { fillKeyboard, fillMenu } from "./compose.js";
import { draw } from "./message.js";
import { fillPins } from "./pins.js";
import { atSwitch, chatId, fillChats, fillTopics, sift } from "./rooms.js";
import { get } from "./server.js";
import { answer, press } from "./taps.js";
import { arrived, isAtEnd, swap, toBottom } from "./view.js";

const at = (id) => document.getElementById(id);
const log = at("log"), status = at("status");
const POLL_SECONDS = 25;
const ACTION_SECONDS = 5;
const TAP_SECONDS = 2;
const ACTIONS = { upload_photo: "사진 보내는 중…", upload_document: "파일 보내는 중…" };

let rev = -1; // nothing seen yet: the newest part of the chat comes first
let online = "";
let action = "입력 중…";
let actionUntil = 0;
let answerUntil = 0; // a new message until then was asked for by a tap: it comes into view
let poll = new AbortController();

async function follow() {
  for (;;) {
    const from = chatId();
    try {
      const query = new URLSearchParams({ after: rev, timeout: POLL_SECONDS, online });
      if (from !== null) query.set("chat_id", from);
      const seen = await get(`/chat/messages?${query}`, poll.signal);
      if (from === chatId() || from === null) take(seen);
    } catch (error) {
      if (error.name === "AbortError") continue;
      setStatus("서버에 다시 연결하는 중…", false);
      online = "";
      await new Promise((done) => setTimeout(done, 1500));
    }
  }
}

atSwitch(() => {
  rev = -1;
  online = "";
  actionUntil = 0;
  log.replaceChildren();
  fillPins([]);
  fillKeyboard({});
  poll.abort();
  poll = new AbortController();
});

function take(seen) {
  if (seen.rev < rev) return location.reload(); // the server began a new state file
  const first = rev < 0;
  rev = seen.rev;
  online = seen.online ? "1" : "0";
  for (const message of seen.messages) place(message, first);
  for (const notice of seen.notices) notice.kind === "action" ? act(notice.text) : answer(notice);
  if (seen.chats) fillChats(seen.chats);
  if (seen.topics) fillTopics(seen.topics);
  if (seen.pins) fillPins(seen.pins);
  if (seen.commands) fillMenu(seen.commands);
  if (seen.keyboard) fillKeyboard(seen.keyboard);
  showStatus();
  at("empty").hidden = log.childElementCount > 0;
  if (first) toBottom();
  return undefined;
}

function act(what) {
  action = ACTIONS[what] ?? "입력 중…";
  actionUntil = Date.now() + ACTION_SECONDS * 1000;
  setTimeout(showStatus, ACTION_SECONDS * 1000 + 100);
}

function showStatus() {
  if (Date.now() < actionUntil) return setStatus(action, true);
  return setStatus(online === "1" ? "온라인" : "오프라인 · 봇이 꺼져 있습니다", online === "1");
}

function setStatus(words, good) {
  if (status.textContent !== words) status.textContent = words;
  status.classList.toggle("online", good);
}

function place(message, first) {
  const old = at(`m${message.id}`);
  if (message.deleted) {
    old?.remove();
    return tidyDays();
  }
  const row = draw(message, tapped);
  sift([row]);
  return old ? change(old, row) : add(message, row, first);
}

function change(old, row) {
  for (const kept of ["turn", "joined"]) if (old.classList.contains(kept)) row.classList.add(kept);
  row.classList.add("changed");
  row.dataset.day = old.dataset.day;
  const focused = old.contains(document.activeElement);
  swap(old, row);
  if (focused) row.querySelector(".key")?.focus({ preventScroll: true });
}

function add(message, row, first) {
  if (message.from === "bot") actionUntil = 0;
  const last = log.lastElementChild;
  const day = dayOf(message.date);
  if (last?.dataset.day !== day) log.append(dayLine(day));
  else if (row.dataset.album && last.dataset.album === row.dataset.album) row.classList.add("joined");
  else if (last.dataset.from !== row.dataset.from) row.classList.add("turn");
  row.dataset.day = day;
  if (!first) row.classList.add("fresh");
  const asked = message.from === "bot" && Date.now() < answerUntil; // what a tap asked for
  const stay = isAtEnd() || message.from === "owner" || asked;
  if (asked) answerUntil = 0;
  log.append(row);
  if (first || row.hidden) return;
  if (stay) toBottom();
  else arrived();
}

function tapped(messageId, data, key) {
  answerUntil = Date.now() + TAP_SECONDS * 1000;
  press(messageId, data, key);
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

log.addEventListener("click", (event) => event.target.closest(".spoiler")?.classList.add("shown"));
log.addEventListener("keydown", (event) => {
  if (!["Enter", " "].includes(event.key) || !event.target.classList.contains("spoiler")) return;
  event.preventDefault();
  event.target.classList.add("shown");
});

const config = await get("/chat/config");
document.title = config.title;
at("title").textContent = config.title;
follow();
