"""The table of Bot API methods; Telegram reads their names without regard to case."""

from collections.abc import Callable
from typing import Any

from bot.chat import account, files, messages, pins, topics
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
        "sendPhoto": files.send_photo,
        "sendDocument": files.send_document,
        "sendMediaGroup": files.send_media_group,
        "sendChatAction": messages.send_chat_action,
        "editMessageText": messages.edit_message_text,
        "editMessageCaption": files.edit_message_caption,
        "editMessageMedia": files.edit_message_media,
        "editMessageReplyMarkup": messages.edit_message_reply_markup,
        "deleteMessage": messages.delete_message,
        "deleteMessages": messages.delete_messages,
        "pinChatMessage": pins.pin_chat_message,
        "unpinChatMessage": pins.unpin_chat_message,
        "unpinAllChatMessages": pins.unpin_all_chat_messages,
        "createForumTopic": topics.create_forum_topic,
        "editForumTopic": topics.edit_forum_topic,
        "closeForumTopic": topics.close_forum_topic,
        "reopenForumTopic": topics.reopen_forum_topic,
        "deleteForumTopic": topics.delete_forum_topic,
        "answerCallbackQuery": messages.answer_callback_query,
        "getFile": files.get_file,
    }.items()
}
