"""Tell systemd that the bot is ready, where systemd asked to be told."""

from systemd_watchdog.systemd_watchdog import WatchDog


class ServiceManager:
    """The NOTIFY_SOCKET of the unit; silent when there is none."""

    def __init__(self) -> None:
        self._watchdog = WatchDog()

    def ready(self) -> None:
        """Say READY=1."""
        self._watchdog.ready()
