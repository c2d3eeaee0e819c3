"""What may be asked of the running bot: imperative, answered once, errors go back to the asker.

Each command names its answer in its docstring. `tap` is the one-use key of the button that asked;
it is used up in the same transaction as the effect. Questions that only read (status, history) do
not pass here: they read `storage.views`.

One file a subject; all are imported from here.
"""

from bot.commands.account import (
    AcceptancePreview,
    AcceptBroker,
    AdoptForeign,
    AdoptMoney,
    DismissSplit,
    ForeignPreview,
    PreviewAcceptance,
    PreviewForeign,
    SetForeignAside,
)
from bot.commands.command import Command
from bot.commands.cycles import (
    ChangeCycle,
    ChangePreview,
    ImportCycle,
    ImportPreview,
    Position,
    PreviewChange,
    PreviewImport,
    PreviewSplit,
    SplitPreview,
    SplitShares,
    StartCycle,
)
from bot.commands.rounds import (
    ApproveRound,
    CorrectRound,
    DeclineResend,
    PlanPreview,
    PreviewPlan,
    ResendOrder,
    ResolveAmbiguous,
    SkipRound,
)
from bot.commands.running import (
    BookFills,
    FreeOrders,
    HoldOrders,
    NoteWebhook,
    Pause,
    Resume,
    RunDue,
    Stop,
    StopAnswer,
    Wake,
)

__all__ = [
    "AcceptBroker",
    "AcceptancePreview",
    "AdoptForeign",
    "AdoptMoney",
    "ApproveRound",
    "BookFills",
    "ChangeCycle",
    "ChangePreview",
    "Command",
    "CorrectRound",
    "DeclineResend",
    "DismissSplit",
    "ForeignPreview",
    "FreeOrders",
    "HoldOrders",
    "ImportCycle",
    "ImportPreview",
    "NoteWebhook",
    "Pause",
    "PlanPreview",
    "Position",
    "PreviewAcceptance",
    "PreviewChange",
    "PreviewForeign",
    "PreviewImport",
    "PreviewPlan",
    "PreviewSplit",
    "ResendOrder",
    "ResolveAmbiguous",
    "Resume",
    "RunDue",
    "SetForeignAside",
    "SkipRound",
    "SplitPreview",
    "SplitShares",
    "StartCycle",
    "Stop",
    "StopAnswer",
    "Wake",
]
