"""Konko's spelling: a module that is the client, and the older name beside the newer one."""
from sdk import OpenAI

chat = OpenAI().chat
ChatCompletion = chat.completions
