// The bar with the market's time: reads it, and sends the market to the next day.

const bar = document.getElementById("market");
const phase = document.getElementById("market-phase");
const time = document.getElementById("market-time");
const button = document.getElementById("next-day");
const SECONDS_BETWEEN = 2;
let moving = false;

const WORDS = { pre: "장전", regular: "정규장", after: "장후", closed: "장 닫힘" };

function inZone(moment, zone, withDay) {
  const parts = { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  if (withDay) Object.assign(parts, { month: "long", day: "numeric", weekday: "short" });
  return new Intl.DateTimeFormat("ko-KR", parts).format(moment);
}

function show(clock) {
  phase.textContent = WORDS[clock.phase] ?? "";
  phase.classList.toggle("open", clock.phase === "regular");
  phase.classList.toggle("near", clock.phase === "pre");
  const moment = new Date(clock.now);
  time.textContent = `뉴욕 ${inZone(moment, "America/New_York", true)} · 서울 ${inZone(moment, "Asia/Seoul", false)}`;
  if (moving) return;
  button.disabled = clock.last_session_over === true;
  button.textContent = button.disabled ? "기간 끝" : "다음 날";
}

async function read() {
  try {
    const answer = await fetch("/chat/clock");
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.json());
  } catch {
    phase.textContent = "";
    time.textContent = "시장이 응답하지 않습니다";
    button.disabled = true;
  }
}

async function keepReading() {
  for (;;) {
    if (!document.hidden) await read();
    await new Promise((done) => setTimeout(done, SECONDS_BETWEEN * 1000));
  }
}

async function next() {
  moving = true;
  button.disabled = true;
  button.classList.add("busy");
  button.setAttribute("aria-busy", "true");
  button.textContent = "진행 중";
  try {
    await fetch("/chat/next-day", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ to: "session" }),
    });
  } catch {
    // the next reading of the clock says that the market is gone
  }
  moving = false;
  button.classList.remove("busy");
  button.removeAttribute("aria-busy");
  await read();
}

button.addEventListener("click", next);

const config = await (await fetch("/chat/config")).json();
if (config.links.clock) {
  bar.hidden = false;
  keepReading();
}
