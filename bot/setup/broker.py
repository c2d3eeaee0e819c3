"""KIS: the app key and its secret, the account with its dollars, the login id."""

from bot.addresses import Venue
from bot.console_words import both
from bot.doctor import account as account_looks
from bot.doctor import broker
from bot.doctor.findings import Finding, Status, warning
from bot.doctor.patient import Patient
from bot.setup import shapes
from bot.setup.sitting import Part, Sitting

_PORTAL = both(
    "앱키는 KIS Developers(https://apiportal.koreainvestment.com)에서 받습니다.\n"
    "  1. 한투 홈페이지에 로그인하고 [트레이딩 > Open API > KIS Developers]에서 서비스를 "
    "신청합니다.\n"
    "  2. 계좌를 고릅니다: 해외주식을 사고팔 종합계좌(-01)입니다.\n"
    "  3. KIS Developers의 신청 현황에 앱키(APP Key, 36자)와 앱시크릿(APP Secret, 180자)이 "
    "나옵니다.\n"
    "앱키에는 만료일이 있습니다: 신청 현황에서 보고 달력에 적어 두세요. 지나면 봇이 주문하지 "
    "못합니다.\n"
    "앱키와 앱시크릿은 계좌의 열쇠입니다. 이 컴퓨터의 .env에만 적고 아무에게도 보이지 마세요.",
    "The app key comes from KIS Developers (https://apiportal.koreainvestment.com).\n"
    "  1. Log in at KIS's site, and apply under [트레이딩 > Open API > KIS Developers].\n"
    "  2. Choose the account: a general one (-01) that can trade overseas stocks.\n"
    "  3. The list of your applications (신청 현황) then shows the app key (36 characters) and the "
    "app secret (180).\n"
    "An app key has an end: see it in that list and put it into your calendar. After it the bot "
    "cannot order.\n"
    "Key and secret open your account: they go into .env on this machine, and to nobody else.",
)
_WHICH = {
    Venue.PAPER: both(
        "리허설에는 실전 계좌의 앱키를 씁니다: 시세만 묻고, 주문과 잔고에는 쓰지 않습니다.",
        "A rehearsal takes the app key of a real account: it asks for prices, never for orders.",
    ),
    Venue.MOCK: both(
        "모의투자의 앱키는 실전과 다릅니다: 한투에서 모의투자를 신청한 뒤 [모의계좌]로 신청하세요. "
        "모의투자 서버는 주말에 쉽니다.",
        "A practice account has an app key of its own: apply for 모의투자 first, then for its key. "
        "The practice server rests at weekends.",
    ),
    Venue.DEMO: both("시뮬레이터의 앱키입니다.", "It is the simulator's app key."),
    Venue.REAL: both("실전 계좌의 앱키를 씁니다.", "This takes the app key of your real account."),
}
_ACCOUNT = both(
    "계좌번호는 한투 앱의 [나의 자산]이나 KIS Developers의 신청 현황에 있습니다 (12345678-01).",
    "The account number is in KIS's app and in the list at KIS Developers (12345678-01).",
)
_LOGIN = both(
    "HTS ID는 한투 홈페이지와 앱에 로그인할 때 쓰는 ID입니다. KIS Developers에는 '고객 ID'로 "
    "나옵니다.\n"
    "이것으로 체결을 바로 알립니다. 없으면 그냥 Enter: 체결을 목록에서 조금 늦게 압니다.",
    "The HTS id is what you log in at KIS's site and app with; KIS Developers calls it 고객 ID.\n"
    "With it fills are told as they happen. Enter for none: they are seen later, in lists.",
)


def keys(sitting: Sitting) -> bool:
    """Have an app key and a secret that KIS gives a token for."""
    terminal = sitting.terminal

    def ask() -> dict[str, str]:
        return {
            "KIS_APP_KEY": terminal.ask(
                both("앱키 (화면에 보이지 않습니다)", "App key (not shown as you type)"),
                shapes.app_key,
                hidden=True,
            ),
            "KIS_APP_SECRET": terminal.ask(
                both("앱시크릿 (화면에 보이지 않습니다)", "App secret (not shown as you type)"),
                shapes.app_secret,
                hidden=True,
            ),
        }

    names = ("KIS_APP_KEY", "KIS_APP_SECRET")
    guide = (_PORTAL, _WHICH[_venue(sitting)])
    looks = (broker.address, broker.keys, broker.token)
    return sitting.settle(Part.KEYS, names, guide=guide, ask=ask, looks=looks)


def account(sitting: Sitting) -> bool:
    """Have an account that the key may use; show what could be ordered for in it."""
    terminal = sitting.terminal

    def ask() -> dict[str, str]:
        return {"KIS_ACCOUNT": terminal.ask(both("계좌번호", "Account"), shapes.account)}

    looks = (broker.address, account_looks.account)
    names = ("KIS_ACCOUNT",)
    well = sitting.settle(Part.ACCOUNT, names, guide=(_ACCOUNT,), ask=ask, looks=looks)
    if well and _venue(sitting) is not Venue.PAPER:
        terminal.finding(
            sitting.look(sitting.answers.trial({}), broker.address, account_looks.money)
        )
    return well


def login(sitting: Sitting) -> bool:
    """Have a login id that fill notices can be registered with; a rehearsal needs none."""
    terminal = sitting.terminal
    if _venue(sitting) is Venue.PAPER:
        terminal.say(
            "- 리허설에는 필요 없습니다. 실전으로 바꿀 때 묻습니다.",
            "- A rehearsal needs none: it is asked for when you change to real money.",
        )
        return True

    def ask() -> dict[str, str]:
        return {"KIS_HTS_ID": terminal.ask(both("HTS ID", "HTS id"), shapes.login)}

    names = ("KIS_HTS_ID",)
    return sitting.settle(Part.HTS, names, guide=(_LOGIN,), ask=ask, looks=(_notices,))


async def _notices(patient: Patient) -> Finding:
    """Try the login id by a subscription; to have none is a choice, and told."""
    if not patient.settings.kis_hts_id:
        return warning(
            both("HTS ID 없이 갑니다", "There is no HTS id"),
            why=both(
                "체결을 바로가 아니라 목록에서 압니다. 적으려면 muhan setup 을 다시 실행하세요.",
                "Fills are seen in lists, not at once. To give one, run muhan setup again.",
            ),
        )
    reached = await broker.address(patient)
    return reached if reached.status is Status.FAIL else await account_looks.notices(patient)


def _venue(sitting: Sitting) -> Venue:
    return sitting.answers.trial({}).muhan_venue
