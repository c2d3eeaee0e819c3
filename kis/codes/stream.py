"""The websocket's codes (OPSP). Source: KIS's own table (domain/kis.md section 7)."""

from kis.codes.vocabulary import Entry, Kind, Meaning, OnOrder, OnStream, Sentence

_NOTHING_TO_DO = Sentence("할 일은 없습니다.", "There is nothing to do.")
_OUR_MISTAKE = Sentence(
    "다시 이어도 같으면 봇의 로그와 함께 알려 주세요.",
    "If it comes again after a reconnect, report it together with the bot's log.",
)


def _meaning(
    cause: Sentence, remedy: Sentence, on_stream: OnStream, kind: Kind = Kind.STREAM
) -> Meaning:
    return Meaning(
        kind=kind, cause=cause, remedy=remedy, on_order=OnOrder.UNKNOWN, on_stream=on_stream
    )


ENTRIES: tuple[Entry, ...] = (
    Entry(
        codes=("OPSP0000", "OPSP0001", "OPSP0002"),
        meaning=_meaning(
            Sentence("실시간 등록이나 해지가 되었습니다.", "A registration was made or released."),
            _NOTHING_TO_DO,
            OnStream.FINE,
            Kind.OK,
        ),
    ),
    Entry(
        codes=("OPSP0003",),
        meaning=_meaning(
            Sentence("등록하지 않은 것을 해지했습니다.", "What was released was not registered."),
            _NOTHING_TO_DO,
            OnStream.DECLINED,
        ),
    ),
    Entry(
        codes=("OPSP0007", "OPSP0009", "OPSP8999", "OPSP9993", "OPSP9995"),
        meaning=_meaning(
            Sentence(
                "한투의 실시간 서버에 오류가 났습니다.", "KIS's websocket server failed inside."
            ),
            Sentence(
                "봇이 다시 이을 때 다시 등록합니다: 할 일은 없습니다.",
                "The bot registers again with its next connection: there is nothing to do.",
            ),
            OnStream.DECLINED,
        ),
    ),
    Entry(
        codes=("OPSP0008",),
        meaning=_meaning(
            Sentence(
                "한 앱키의 실시간 등록 41건을 넘었습니다.",
                "More than the 41 registrations of one app key.",
            ),
            Sentence(
                "지켜보는 종목을 줄이거나 같은 앱키를 쓰는 다른 프로그램을 꺼 주세요.",
                "Watch fewer symbols, or stop other programs with the same app key.",
            ),
            OnStream.DECLINED,
        ),
    ),
    Entry(
        codes=("OPSP0010", "OPSP8995", "OPSP9994", "OPSP9996"),
        meaning=_meaning(
            Sentence(
                "한투의 실시간 서버가 앱키를 받아들이지 않습니다.",
                "KIS's websocket server does not accept the app key.",
            ),
            Sentence(
                "KIS_APP_KEY를 KIS Developers에서 다시 복사하고 muhan doctor로 확인해 주세요.",
                "Copy KIS_APP_KEY again from KIS Developers, and check it with muhan doctor.",
            ),
            OnStream.FATAL,
            Kind.KEYS,
        ),
    ),
    Entry(
        codes=("OPSP0011",),
        meaning=_meaning(
            Sentence(
                "실시간 접속키가 끝났거나 다른 것으로 바뀌었습니다.",
                "The approval key has ended, or another has taken its place.",
            ),
            Sentence(
                "봇이 새 접속키로 다시 잇습니다: 할 일은 없습니다.",
                "The bot connects again with a new approval key: there is nothing to do.",
            ),
            OnStream.NEW_KEY,
        ),
    ),
    Entry(
        codes=("OPSP8991", "OPSP8992", "OPSP8993", "OPSP9990"),
        meaning=_meaning(
            Sentence(
                "실시간 서버가 이 종목이나 HTS ID를 모릅니다.",
                "KIS's websocket does not know this symbol or HTS id.",
            ),
            Sentence(
                "종목과 KIS_HTS_ID(한투 로그인 ID)를 확인해 주세요.",
                "Look at the symbol and at KIS_HTS_ID (your login id at KIS).",
            ),
            OnStream.DECLINED,
        ),
    ),
    Entry(
        codes=("OPSP8996",),
        meaning=_meaning(
            Sentence(
                "같은 앱키로 이은 다른 실시간 연결이 있습니다: 한투는 앱키마다 하나만 받습니다.",
                "Another websocket is open with the same app key: KIS takes one per key.",
            ),
            Sentence(
                "다른 프로그램을 끄고 2분쯤 뒤에 봇을 다시 시작해 주세요.",
                "Stop the other program, and restart the bot some two minutes later.",
            ),
            OnStream.FATAL,
        ),
    ),
    Entry(
        codes=(
            "OPSP8994",
            "OPSP8997",
            "OPSP8998",
            "OPSP9991",
            "OPSP9992",
            "OPSP9997",
            "OPSP9998",
            "OPSP9999",
        ),
        meaning=_meaning(
            Sentence(
                "실시간 서버가 등록 요청의 모양을 받아들이지 않습니다.",
                "KIS's websocket does not take the form of a registration.",
            ),
            _OUR_MISTAKE,
            OnStream.DECLINED,
            Kind.INPUT,
        ),
    ),
)
