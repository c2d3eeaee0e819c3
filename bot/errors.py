"""Errors that end in a sentence for the owner, named by what the owner must do.

    MuhanError                  say the sentence; at the console, exit with status 3
    ├── SettingsError           mend `.env` or the environment
    ├── OverridesError          mend a line of `sessions.csv`
    ├── CalendarEnded           update the program: its calendar knows no further year
    ├── AnotherInstance         stop the other one, or leave it be
    ├── CounterClosed           start the demo's simulator                    (counter.py)
    ├── CounterSilent           wait, or mend the keys                        (counter.py)
    ├── SymbolNotListed         name another symbol                           (counter.py)
    ├── NothingStored           run muhan prices first               (laboratory/price_store.py)
    ├── StoreDamaged            fetch the prices anew                (laboratory/price_store.py)
    ├── NoBars                  name other days                     (laboratory/price_update.py)
    ├── OtherSource             set another MUHAN_HOME              (laboratory/price_update.py)
    ├── PricesUnwritten         make room on the disk                         (price_room.py)
    ├── ErrandFailed            choose other conditions for a backtest  (laboratory/errand.py)
    ├── EngineRefused           let the reference play                 (laboratory/engines.py)
    ├── SweepRefused            do what it says: what was done is kept (laboratory/sweeps/errors.py)
    ├── RoomFailed              read why the rehearsal room did not open      (paper/errors.py)
    ├── RoomClosed              start `muhan run` first                       (paper/errors.py)
    ├── DrawingFailed           read the text beside it: no picture            (charts/model.py)
    │   └── PicturesOff         set MUHAN_PICTURES=on, or read the text        (charts/model.py)
    ├── SecretUnreadable        look at the authenticator's secret file               (totp.py)
    ├── NotListening            start the bot, or look at its line     (telegram/listening.py)
    ├── Misunderstood           say it in another way                  (telegram/arguments.py)
    ├── NotAnAlertSetting       choose one of the settings       (telegram/handlers/alerts.py)
    ├── ChatClosed              look at the bot's token and at the line   (telegram/front.py)
    ├── BackupRefused           name another backup, or run the bot once           (archive.py)
    │   └── PassphraseNeeded    give the passphrase of the backup                  (archive.py)
    ├── UpdateUnknown           look at the connection and the address             (updates.py)
    ├── MovedAway               go on where the bot went, or delete its mark         (moving.py)
    ├── Unopened                take another copy of the sealed file               (sealing.py)
    │   └── WrongPassphrase     give the passphrase that it was sealed with        (sealing.py)
    ├── DatabaseError           look at the disk, the backup or the version   (storage/damage.py)
    ├── StorageFailing          make room on the disk: it goes on by itself   (storage/failing.py)
    ├── LedgerBroken            do not trade; restore, or ask for help        (trading/recovery.py)
    ├── OtherVenue              set another MUHAN_HOME                (trading/recovery.py)
    ├── WhichCycle              say which cycle is meant                      (cli_changes.py)
    ├── Unfit                   write another answer                       (setup/terminal.py)
    ├── ControlError            read the sentence                         (control/errors.py)
    │   ├── BotDown             start the bot                             (control/errors.py)
    │   │   └── BotSilent       wait a little, then restart the bot       (control/errors.py)
    │   └── ControlRefused      ask for something else, or log in anew    (control/errors.py)
    ├── Refusal                 ask again in another way, or later            (trading/refusal.py)
    ├── ServiceRefused          do what it says first: nothing changed       (service/errors.py)
    ├── StepFailed              mend it and install again, or uninstall      (service/errors.py)
    ├── WorldRefused            give the demo other prices or dates           (demo/world.py)
    ├── ChildFailed             read the demo's log                           (demo/children.py)
    ├── PortTaken               choose another port                           (demo/page.py)
    ├── AddressTaken            choose another port                   (dashboard/serving.py)
    └── HeadlessFailed          read the headless demo's log                  (demo/headless.py)

A sentence says what, why and what to do, Korean first.
"""


class MuhanError(Exception):
    """Carry one sentence for the owner, in Korean and in English.

    `str()` is the Korean sentence. Neither may hold a secret: they are shown as they are.
    """

    def __init__(self, korean: str, english: str = "") -> None:
        super().__init__(korean)
        self.korean = korean
        self.english = english or korean

    def sentence(self, language: str = "ko") -> str:
        """Return the sentence in a language: "ko" or "en"."""
        return self.english if language == "en" else self.korean


class SettingsError(MuhanError):
    """`.env` or the environment does not let the program start."""


class OverridesError(MuhanError):
    """A line of the file of session overrides cannot be read as one."""


class CalendarEnded(MuhanError):
    """A day lies beyond the last year that the session calendar knows."""


class AnotherInstance(MuhanError):
    """Another process of this program works in the same MUHAN_HOME."""
