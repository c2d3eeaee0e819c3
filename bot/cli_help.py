"""What each command is for, in the owner's words: the list of `muhan --help` in Korean.

In English it is the first sentence of the command's own docstring. Each fits on a line of a
terminal of 80 columns: what is wrapped at wide letters loses some of them.
"""

KOREAN = {
    "demo": "계정 없이 써 보기: 시뮬레이터, 대화 페이지, 봇을 함께 켭니다.",
    "dashboard": "봇을 브라우저로 봅니다. 링크는 텔레그램의 /panel 이 줍니다.",
    "run": "봇을 켭니다. 끄라고 할 때까지 돕니다.",
    "setup": "처음 설정: 없는 것을 묻고 시험해 보고 .env 에 적습니다.",
    "pair": "10분짜리 코드와 QR: 봇에게 보낸 사람을 들여보냅니다.",
    "totp": "인증 앱 연결: 비상정지를 풀 때와 승인을 올릴 때 씁니다.",
    "unlock": "비상정지를 풉니다. /resume 을 보내기 전에는 정지입니다.",
    "doctor": "설정, 한투, 텔레그램, 컴퓨터를 보고 고칠 것을 말합니다.",
    "status": "켜져 있는 봇의 상태를 묻습니다. 꺼져 있으면 종료값 3.",
    "plan": "사이클의 상태를 주면 오늘 밤에 낼 주문을 계산합니다.",
    "backtest": "지난 일봉으로 매매법을 돌려 봅니다.",
    "sweep": "여러 조건과 시작일로 한꺼번에 돌려 봅니다.",
    "prices": "한투에서 일봉을 받아 저장하거나 최신으로 채웁니다.",
    "simulator": "이 컴퓨터 안에서 한투 흉내(REST, 웹소켓)를 켭니다.",
    "export": "봇이 아는 것을 파일로 적습니다: 표로, 또는 통째로.",
    "backup": "봇의 상태를 암호화해 백업합니다. 열쇠는 안 들어갑니다.",
    "restore": "백업을 되돌립니다. 봇을 끄고 하며, 정지로 시작합니다.",
    "import": "다른 컴퓨터에서 내보낸 봇을 들입니다. 정지로 시작합니다.",
    "cycle": "사이클을 시작하고, 이어받고, 바꾸고, 봅니다.",
    "service": "봇을 systemd 서비스로 돌립니다.",
    "update-check": "새 판이 있는지 묻고, 설치하는 법을 알려 줍니다.",
    "version": "버전을 보여 줍니다.",
}
