// What is in view: new messages move it only while the newest one is seen.

const scroll = document.getElementById("scroll");
const jump = document.getElementById("jump");
const count = document.getElementById("unread");
const foot = document.querySelector(".foot");
const NEAR = 48;

let unread = 0;
let atEnd = true;
let height = 0;

export function isAtEnd() {
  return atEnd;
}

export function toBottom(behavior = "instant") {
  scroll.scrollTo({ top: scroll.scrollHeight, behavior });
  unread = 0;
  atEnd = true;
  show();
}

export function arrived() {
  unread += 1;
  show();
}

// Bring a message into view and mark it for a moment.
export function toMessage(id) {
  const row = document.getElementById(`m${id}`);
  if (!row) return;
  row.scrollIntoView({ block: "center", behavior: "smooth" });
  row.classList.remove("changed");
  void row.offsetWidth; // begins the mark again
  row.classList.add("changed");
}

// Put a row in the place of an older drawing of it; what is being read stays where it is.
export function swap(old, row) {
  const stay = atEnd;
  const above = old.getBoundingClientRect().top < scroll.getBoundingClientRect().top;
  const height = old.offsetHeight;
  old.replaceWith(row);
  if (stay) toBottom();
  else if (above) scroll.scrollTop += row.offsetHeight - height;
}

function show() {
  jump.hidden = atEnd;
  count.hidden = unread === 0;
  count.textContent = unread > 99 ? "99+" : String(unread);
  jump.setAttribute("aria-label", unread ? `새 메시지 ${unread}개, 맨 아래로` : "맨 아래로");
}

scroll.addEventListener("scroll", () => {
  if (scroll.clientHeight !== height) return; // a bar came or went: the observer below decides
  atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR;
  if (atEnd) unread = 0;
  show();
}, { passive: true });
jump.addEventListener("click", () => toBottom("smooth"));
new ResizeObserver(() => {
  document.documentElement.style.setProperty("--foot", `${foot.offsetHeight}px`);
  if (atEnd) toBottom();
}).observe(foot);
new ResizeObserver(() => {
  height = scroll.clientHeight;
  if (atEnd) toBottom();
}).observe(scroll);
document.getElementById("log").addEventListener("load", () => { if (atEnd) toBottom(); }, true);
