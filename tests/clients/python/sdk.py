"""As much of the Python SDKs as the guide's examples use, with nothing but Python: who runs the tests need not install them."""
import json
import os
import urllib.request
from types import SimpleNamespace


def _object(text):
    return json.loads(text, object_hook=lambda fields: SimpleNamespace(**fields))


class Completions:
    def __init__(self, base_url, api_key):
        self._base_url, self._api_key = base_url, api_key

    def create(self, **body):
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._api_key}"}
        request = urllib.request.Request(self._base_url + "/chat/completions", json.dumps(body).encode(), headers)
        answer = urllib.request.urlopen(request)
        return self._chunks(answer) if body.get("stream") else _object(answer.read())

    @staticmethod
    def _chunks(answer):
        for line in answer:
            data = line.decode().removeprefix("data: ").strip()
            if data == "[DONE]":
                return
            if data and not data.startswith(":"):
                yield _object(data)
        raise EOFError("The stream ended without [DONE].")


class OpenAI:
    def __init__(self, base_url=None, api_key=None):
        base_url = base_url or os.environ["KONKO_BASE_URL"]
        self.chat = SimpleNamespace(completions=Completions(base_url, api_key or os.environ.get("KONKO_API_KEY", "any")))
