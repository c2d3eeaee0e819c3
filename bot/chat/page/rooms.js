// Which chat is shown, and which topic of it: a row of tabs each, hidden while there is no choice.

const chatsBar = document.getElementById("chats");
const topicsBar = document.getElementById("topics");
const log = document.getElementById("log");

let owner = null;
let chat = null; // null: the owner's own
let topic = 0; // 0: all of them
let leave = () => {};

export function atSwitch(action) {
  leave = action;
}

export function chatId() {
  return chat?.id ?? owner;
}

// Where words go: the owner's own chat, or a group as the owner, and the topic that is open.
export function whereTo() {
  if (!chat) return {};
  return { as: { chat_id: chat.id }, ...(topic ? { thread: topic } : {}) };
}

export function fillChats(chats) {
  owner = chats[0].id;
  chatsBar.hidden = chats.length < 2;
  chatsBar.replaceChildren(...chats.map((one) => {
    const mine = one.id === owner;
    return tab(mine ? "나와의 대화" : one.title, one.id === chatId(), () => open(mine ? null : one));
  }));
}

export function fillTopics(topics) {
  topicsBar.hidden = topics.length === 0;
  if (!topics.some(({ thread }) => thread === topic)) topic = 0;
  const all = { thread: 0, name: "모든 주제", closed: false };
  topicsBar.replaceChildren(...[all, ...topics].map(({ thread, name, closed }) => {
    const node = tab(closed ? `${name} (닫힘)` : name, thread === topic, () => {
      topic = thread;
      press(topicsBar, node);
      sift();
    });
    return node;
  }));
  sift();
}

// Hide what belongs to other topics; a new row is sifted as it comes.
export function sift(rows = log.querySelectorAll(".row")) {
  for (const row of rows) row.hidden = topic !== 0 && Number(row.dataset.thread || 0) !== topic;
}

function open(one) {
  if ((one?.id ?? owner) === chatId()) return;
  chat = one;
  topic = 0;
  topicsBar.hidden = true;
  leave();
}

function tab(words, chosen, choose) {
  const node = document.createElement("button");
  node.type = "button";
  node.className = "tab";
  node.textContent = words;
  node.setAttribute("aria-pressed", String(chosen));
  node.addEventListener("click", () => {
    press(node.parentElement, node);
    choose();
  });
  return node;
}

function press(bar, node) {
  for (const each of bar.children) each.setAttribute("aria-pressed", String(each === node));
}
