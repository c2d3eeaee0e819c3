"""Bot API methods on the bot itself: who it is, its webhook, its command menu."""

import re
from typing import Any

from bot.chat.arguments import Arguments
from bot.chat.errors import bad_request
from bot.chat.pins import pinned_message
from bot.chat.room import Room
from bot.chat.state import Json

COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")
WIDE_SCOPES = frozenset(
    {
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
    }
)
CHAT_SCOPES = frozenset({"chat", "chat_administrators", "chat_member"})


def get_me(room: Room, _args: Arguments) -> Json:
    """https://core.telegram.org/bots/api#getme."""
    return {
        **room.me(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def get_chat(room: Room, args: Arguments) -> Json:
    """https://core.telegram.org/bots/api#getchat."""
    chat = room.chat(args.values.get("chat_id"))
    return {
        **chat,
        **pinned_message(room, chat),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


def get_webhook_info(room: Room, _args: Arguments) -> Json:
    """https://core.telegram.org/bots/api#getwebhookinfo."""
    return {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": room.state.pending_count(),
    }


def set_webhook(room: Room, args: Arguments) -> bool:
    """Refuse every address: this server only answers polls."""
    if args.text("url"):
        raise bad_request("bad webhook: this server delivers updates through getUpdates only")
    return delete_webhook(room, args)


def delete_webhook(room: Room, args: Arguments) -> bool:
    """https://core.telegram.org/bots/api#deletewebhook."""
    if args.boolean("drop_pending_updates"):
        room.state.keep_last(0)
    return True


def done(_room: Room, _args: Arguments) -> bool:
    """Answer logOut and close, which have nothing to end here."""
    return True


def set_my_commands(room: Room, args: Arguments) -> bool:
    """https://core.telegram.org/bots/api#setmycommands."""
    commands = args.structure("commands")
    if not isinstance(commands, list):
        raise bad_request("can't parse commands: expected an Array of BotCommand")
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    kept = [_command(command) for command in commands]
    room.state.set_commands(_scope(room, args), args.text("language_code"), kept)
    _menu_changed(room)
    return True


def get_my_commands(room: Room, args: Arguments) -> list[Json]:
    """https://core.telegram.org/bots/api#getmycommands."""
    return room.state.commands(_scope(room, args), args.text("language_code")) or []


def delete_my_commands(room: Room, args: Arguments) -> bool:
    """https://core.telegram.org/bots/api#deletemycommands."""
    room.state.set_commands(_scope(room, args), args.text("language_code"), None)
    _menu_changed(room)
    return True


def menu(room: Room, chat_id: int, language: str) -> list[Json]:
    """Find the commands that a person sees in a private chat.

    The order is https://core.telegram.org/bots/api#determining-list-of-commands.
    """
    for scope in (f"chat {chat_id}", "all_private_chats", "default"):
        for code in (language, ""):
            commands = room.state.commands(scope, code)
            if commands is not None:
                return commands
    return []


def _menu_changed(room: Room) -> None:
    room.state.set_fact("menu rev", str(room.state.next_rev()))
    room.changes_bell.ring()


def _command(value: Any) -> Json:
    if not isinstance(value, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name = str(value.get("command", "")).removeprefix("/")
    if not COMMAND_NAME.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    description = str(value.get("description", "")).strip()
    if not 1 <= len(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


def _scope(room: Room, args: Arguments) -> str:
    scope = args.structure("scope") or {"type": "default"}
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind in WIDE_SCOPES:
        return str(kind)
    if kind not in CHAT_SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    chat = room.chat(scope.get("chat_id"))
    return f"{kind} {chat['id']}" + (f" {scope.get('user_id')}" if kind == "chat_member" else "")
