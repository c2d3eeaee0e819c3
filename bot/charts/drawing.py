"""The one table of pictures and who draws them; what draws runs in a child process only."""

from functools import singledispatch

from matplotlib.figure import Figure

from bot.charts import style
from bot.charts.backtest import backtest
from bot.charts.cycle import cycle
from bot.charts.gains import bars, month
from bot.charts.minutes import minutes
from bot.charts.model import (
    BacktestPicture,
    CalendarPicture,
    CyclePicture,
    EquityPicture,
    GainsPicture,
    MinutePicture,
    Picture,
)
from bot.charts.worth import equity
from bot.laboratory.fonts import language_of_pictures
from bot.laboratory.words import Language


def draw(picture: Picture) -> bytes:
    """Draw a picture as PNG, in English where the system has no Korean font.

    Raises ValueError (or what matplotlib raises) for a picture that shows nothing.
    """
    language = language_of_pictures(Language(picture.language))
    with style.styled(language):
        return style.png(_figure(picture, language))


@singledispatch
def _figure(picture: object, _: Language) -> Figure:
    raise TypeError(picture)


_figure.register(CyclePicture, cycle)
_figure.register(EquityPicture, equity)
_figure.register(CalendarPicture, month)
_figure.register(GainsPicture, bars)
_figure.register(MinutePicture, minutes)
_figure.register(BacktestPicture, backtest)
