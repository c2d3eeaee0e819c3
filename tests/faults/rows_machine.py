"""Rows 54 to 78: death, disks and databases, the chat, the websocket.

Each is (number, levels, fault, what must happen).
"""

ROWS: tuple[tuple[int, str, str, str], ...] = (
    (
        54,
        "SP",
        "kill -9 at any moment, a restart a second to seven hours later",
        "No slot twice at KIS, nothing sent that is not on disk as sent, ledger and account agree.",
    ),
    (55, "S", "kill -9 during recovery, again and again", "Recovery may be repeated for ever."),
    (
        56,
        "P",
        "SIGTERM in the middle of a round",
        "The order on its way gets its answer into the journal; no other goes; gone within 30 s.",
    ),
    (
        57,
        "P",
        "The bot crashes at every start",
        "Starts stop after a few; one alarm; no order per start.",
    ),
    (58, "P", "Memory runs out", "The process ends, is started again and recovers."),
    (59, "P", "Two instances start together", "The second ends with a sentence and sends nothing."),
    (
        60,
        "P",
        "The holder of the lock is killed",
        "The kernel frees the lock, and the next start works.",
    ),
    (
        61,
        "SP",
        "The disk is full before, at or after the journal's commit",
        'No order without a durable "sent"; told from memory.',
    ),
    (
        62,
        "S",
        "The disk fails or can only be read",
        "As with a full disk: nothing is sent, and it is told.",
    ),
    (
        63,
        "P",
        "The state file is damaged, its log cut short, or it is gone",
        "Noticed at the start: nothing is traded, and the way back is said.",
    ),
    (
        64,
        "P",
        "The state file is of a newer program, or a migration dies half way",
        "Refused with a sentence; a migration is whole or not at all.",
    ),
    (
        65,
        "P",
        "Another program reads the state file and holds it",
        "Writes go through meanwhile; the reader cannot write.",
    ),
    (
        66,
        "P",
        "Power is lost and the tail of the log with it",
        "The state is one before or after a transaction, and the ledger follows from its journal.",
    ),
    (
        67,
        "S",
        "Telegram is down for hours",
        "What was agreed goes on; letters come later, all and in order.",
    ),
    (
        68,
        "S",
        "Telegram asks to wait (429), a second to an hour",
        "Waited exactly so long; trading does not wait with it.",
    ),
    (
        69,
        "S",
        "The owner blocked the bot, or the chat is gone",
        "Letters are put aside; the owner's setting says whether trading goes on; the log alarms.",
    ),
    (
        70,
        "U",
        "A message too long for Telegram, or with markup it refuses",
        "Cut into messages, or sent as plain words.",
    ),
    (
        71,
        "S",
        "Death between sending a letter and marking it sent",
        "At most the same letter again; never one lost.",
    ),
    (72, "S", "Telegram delivers an update again after a restart", "It acts once."),
    (73, "S", "A press comes again under a new update id", "The button is used up: already done."),
    (74, "S", "A button of an old plan or of yesterday", "Refused as expired."),
    (
        75,
        "S",
        "Commands and presses by others, in groups, forwarded, edited, from channels",
        "Dropped without an answer, and counted.",
    ),
    (
        76,
        "S",
        "Somebody else polls with the bot's token (409)",
        "Taken for a second instance or a stolen token: buys pause, and it is told.",
    ),
    (
        77,
        "W",
        "The websocket drops, is taken, falls silent, talks nonsense or sends no ping",
        "Comes back after a growing wait, silence counts as dead; orders do not depend on it.",
    ),
    (
        78,
        "S",
        "A flood of prices with /stop behind it",
        "/stop within a second; the oldest prices are dropped.",
    ),
)
