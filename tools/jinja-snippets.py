#!/usr/bin/env python3
"""Fills in what Jinja2 makes of the template snippets that the engine's tests read.

Add {"template": "..."} to tests/Konko.Engine.Tests/Reference/jinja-snippets.json, then run this with Jinja2 3.1 installed:
every snippet gets its "expected" or "error" again. The environment is the one that the transformers library renders
chat templates in.
"""

import datetime
import json
import pathlib

from jinja2 import nodes
from jinja2.exceptions import TemplateError
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

FILE = pathlib.Path(__file__).parent.parent / "tests/Konko.Engine.Tests/Reference/jinja-snippets.json"
NOW = datetime.datetime(2025, 1, 2, 15, 4, 5)


class Generation(Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return nodes.CallBlock(self.call_method("_body"), [], [], body).set_lineno(line)

    def _body(self, caller):
        return caller()


def raise_exception(message):
    raise TemplateError(message)


def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols, Generation])
environment.filters["tojson"] = tojson
environment.globals.update(raise_exception=raise_exception, strftime_now=NOW.strftime)

data = json.loads(FILE.read_text())
for snippet in data["snippets"]:
    snippet.pop("expected", None)
    snippet.pop("error", None)
    try:
        snippet["expected"] = environment.from_string(snippet["template"]).render(**data["variables"])
    except Exception as error:
        snippet["error"] = f"{type(error).__name__}: {error}"
FILE.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n")
