"""Lengths of time as a person says them: 11시간 20분, 2초 전."""

from datetime import timedelta

from bot.telegram.catalogue import Words


def span(words: Words, length: timedelta) -> str:
    """Say a length of time by its two largest units; what is below zero is over."""
    seconds = int(length.total_seconds())
    if seconds < 0:
        return words.plain("지남")
    minutes, hours, days = seconds // 60 % 60, seconds // 3600 % 24, seconds // 86400
    if days:
        return words.plain("{days}일 {hours}시간", days=days, hours=hours)
    if hours:
        return words.plain("{hours}시간 {minutes}분", hours=hours, minutes=minutes)
    if minutes:
        return words.plain("{minutes}분", minutes=minutes)
    return words.plain("{seconds}초", seconds=seconds)


def ago(words: Words, length: timedelta) -> str:
    """Say how long ago something was."""
    return words.plain("{span} 전", span=span(words, max(length, timedelta())))
