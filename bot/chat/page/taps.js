// Taps on the keys of a message, and what the bot answers to them besides messages.

import { post } from "./server.js";

const ANSWER_SECONDS = 15;
const alertBox = document.getElementById("alert");
const alertText = document.getElementById("alert-text");
const toastBox = document.getElementById("toast");
const pending = new Map(); // query id -> the key that waits for its answer
const answered = new Set(); // answers that overtook the reply to the tap
let toastTimer = 0;

export async function press(messageId, data, key) {
  if (key.getAttribute("aria-busy") === "true") return;
  key.setAttribute("aria-busy", "true");
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

export function answer(notice) {
  answered.add(notice.query_id);
  pending.get(notice.query_id)?.();
  pending.delete(notice.query_id);
  if (!notice.text) return;
  if (notice.kind === "alert") {
    alertText.textContent = notice.text;
    if (!alertBox.open) alertBox.showModal();
  } else toast(notice.text);
}

export function toast(words) {
  toastBox.hidden = true;
  toastBox.textContent = words;
  void toastBox.offsetWidth; // begins the entrance again
  toastBox.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { toastBox.hidden = true; }, 3500 + 40 * words.length);
}
