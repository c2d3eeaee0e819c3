"""The page before the door: it trades the key behind the `#` of /panel's link for a session.

A browser keeps what stands behind the `#` to itself, so neither a log, a proxy nor the preview that
a messenger makes of a link has the key; the page posts it, and takes it out of the address first.
"""

import secrets

from starlette.responses import HTMLResponse, Response

PAGE = """<!doctype html>
<html lang="ko"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>무한</title>
<style nonce="{nonce}">
body {{ font: 16px/1.6 system-ui, sans-serif; margin: 0; min-height: 100vh; display: grid;
  place-items: center; background: #f6f7f9; color: #1b1f24; }}
main {{ max-width: 22rem; padding: 1.5rem; }}
h1 {{ font-size: 1.4rem; margin: 0 0 .5rem; }}
p {{ margin: .4rem 0; }} p[lang=en] {{ color: #5a6472; font-size: .9rem; }}
#told {{ margin-top: 1rem; padding: .6rem .8rem; border-radius: .5rem; background: #fdecea; }}
#told:empty {{ display: none; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #14171b; color: #e8eaed; }}
  p[lang=en] {{ color: #9aa4b1; }} #told {{ background: #4a1f1b; }} }}
</style></head><body><main>
<h1>♾️ 무한</h1>
<p>텔레그램에서 봇에게 <b>/panel</b> 을 보내면 한 번만 쓰는 로그인 링크가 옵니다.</p>
<p lang="en">Send <b>/panel</b> to the bot in Telegram: it answers with a login link of one use.</p>
<div id="told" role="alert"></div>
</main>
<script nonce="{nonce}">
const told = document.getElementById("told");
const key = location.hash.slice(1);
async function comeIn() {{
  if (key) {{
    history.replaceState(null, "", location.pathname);
    const answer = await fetch("/login", {{method: "POST", body: JSON.stringify({{key}}),
      headers: {{"Content-Type": "application/json"}}, cache: "no-store"}});
    if (answer.ok) {{ location.replace("/"); return; }}
    const why = await answer.json();
    told.textContent = why.korean + "\\n" + why.english;
    return;
  }}
  // A link from elsewhere does not carry the session; a step of our own does.
  const tried = Number(sessionStorage.getItem("tried") || 0);
  if (Date.now() - tried < 5000) return;
  const known = await fetch("/session", {{cache: "no-store"}});
  if (known.ok) {{
    sessionStorage.setItem("tried", String(Date.now()));
    location.replace(location.pathname === "/login" ? "/" : location.href);
  }}
}}
comeIn().catch(() => {{ told.textContent = "대시보드가 답하지 않습니다. 다시 열어 주세요. " +
  "The dashboard does not answer: open it again."; }});
</script></body></html>
"""


def login_page(status: int = 200) -> Response:
    """Make the page anew; only its own script and style run on it."""
    nonce = secrets.token_urlsafe(16)
    policy = (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store"}
    return HTMLResponse(PAGE.format(nonce=nonce), status_code=status, headers=headers)
