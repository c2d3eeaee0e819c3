"""What a bot that nobody asks carries of the control room."""

import subprocess
import sys


def test_the_http_server_is_not_loaded_before_somebody_asks() -> None:
    look = (
        "import sys; import bot.control.room, bot.control.listening;"
        "print([name for name in ('aiohttp.web', 'bot.control.server') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", look], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "[]"
