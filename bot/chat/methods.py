"""The table of Bot API methods; Telegram reads their names without regard to case."""

from collections.abc import Callable
from typing import Any

from bot.chat import account, messages
from bot.chat.arguments import Arguments
from bot.chat.room import Room

Method = Callable[[Room, Arguments], Any]

by_name: dict[str, Method] = {
    name.lower(): method
    for name, method in {
        "getMe": account.get_me,
        "getChat": account.get_chat,
        "getWebhookInfo": account.get_webhook_info,
        "setWebhook": account.set_webhook,
        "deleteWebhook": account.delete_webhook,
        "logOut": account.done,
        "close": account.done,
        "setMyCommands": account.set_my_commands,
        "getMyCommands": account.get_my_commands,
        "deleteMyCommands": account.delete_my_commands,
        "sendMessage": messages.send_message,
        "sendPhoto": messages.send_photo,
        "sendDocument": messages.send_document,
        "sendChatAction": messages.send_chat_action,
        "editMessageText": messages.edit_message_text,
        "editMessageCaption": messages.edit_message_caption,
        "editMessageReplyMarkup": messages.edit_message_reply_markup,
        "deleteMessage": messages.delete_message,
        "answerCallbackQuery": messages.answer_callback_query,
        "getFile": messages.get_file,
    }.items()
}
