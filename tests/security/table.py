"""`python -m tests.security.table`: write docs/security.md and its Korean twin from the threats."""

import sys
from pathlib import Path

from tests.security.threats import THREATS

DOCS = Path(__file__).resolve().parents[2] / "docs"

HEADS = (
    """# Security

What could happen to whoever runs Muhan, what is done about it, and the tests that prove it. Made by
`python -m tests.security.table`; a test holds it to the tests. ([한국어](security.ko.md))

What is worth protecting: the KIS keys and the account (they can trade), the bot token (it reads
the chat's commands and can pose as the bot), and the journal (what you hold).

| threat | defence | proved by |
|---|---|---|
""",
    """# 보안

무한을 쓰는 사람에게 일어날 수 있는 일, 막는 방법, 그것을 증명하는 테스트입니다.
`python -m tests.security.table`이 만들고, 테스트가 실제 테스트와 맞는지 지킵니다.
([English](security.md))

지킬 것: 한투 키와 계좌(거래할 수 있음), 봇 토큰(명령을 읽고 봇인 척할 수 있음), 기록(보유 내역).

| 위협 | 막는 방법 | 증명 |
|---|---|---|
""",
)
TAILS = (
    """
## What this does not do

* Whoever can log in to the machine as root, or as the bot's own user, can read its keys. Give the
  machine nobody else.
* A thief of the bot token reads what you write to the bot until you revoke it (@BotFather,
  /revoke). He cannot press your buttons.
* `make audit` asks PyPI over the network. Offline it fails rather than say that all is well.
* Telegram sees every message of the chat; a backup that is sent there is sealed by your passphrase.
""",
    """
## 막지 못하는 것

* 컴퓨터에 root나 봇의 사용자로 들어올 수 있는 사람은 열쇠를 읽을 수 있습니다. 다른 사람과 함께 쓰지
  마세요.
* 봇 토큰을 훔친 사람은 토큰을 바꿀 때까지(@BotFather, /revoke) 봇에게 쓴 글을 읽습니다. 버튼은
  누르지 못합니다.
* `make audit`은 네트워크로 PyPI에 묻습니다. 오프라인이면 괜찮다고 하지 않고 실패합니다.
* 텔레그램은 대화의 모든 글을 봅니다. 그리로 보내는 백업은 암호문구로 봉합니다.
""",
)
PAGES = (DOCS / "security.md", DOCS / "security.ko.md")


def pages() -> tuple[str, str]:
    """Lay both pages out: English, Korean."""
    return _page(0), _page(1)


def _page(language: int) -> str:
    rows = (
        f"| {each.threat[language]} | {each.defence[language]} | "
        + "<br>".join(f"`{test.removeprefix('tests/')}`" for test in each.tests)
        + " |"
        for each in THREATS
    )
    return HEADS[language] + "\n".join(rows) + "\n" + TAILS[language]


def main() -> None:
    """Write both."""
    for path, text in zip(PAGES, pages(), strict=True):
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path.relative_to(DOCS.parent)}\n")


if __name__ == "__main__":
    main()
