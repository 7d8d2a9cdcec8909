# SPDX-License-Identifier: GPL-2.0-only
"""docs/json.schema.json: what tcplc --json may print, asked of a library that knows JSON Schema."""
import json
import os

from lib.failure import Failure

PATH = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))),
                    "docs/json.schema.json")
_validator = None
_seen = set()


def validator():
    global _validator
    if _validator is None:
        import jsonschema
        with open(PATH, encoding="utf-8") as file:
            schema = json.load(file)
        # That of bullseye, 3.2, knows no later draft, whose words are not used here; and it
        # looks for references within a URN at no address.
        kind = getattr(jsonschema, "Draft202012Validator", jsonschema.Draft7Validator)
        del schema["$id"]
        _validator = kind(schema)
    return _validator


def shape(value):
    """Names, types and words of an object; two lines of one shape differ in numbers and addresses."""
    if isinstance(value, dict):
        return tuple((name, shape(part)) for name, part in sorted(value.items()))
    if isinstance(value, list):
        return tuple(sorted({shape(part) for part in value}))
    if isinstance(value, str):
        return value if value.replace("-", "").replace("_", "").isalpha() else "text"
    return type(value).__name__


def expect_valid(objects):
    """Each shape once: pure Python takes its time under emulation."""
    for one in objects:
        form = shape(one)
        if form in _seen:
            continue
        wrong = [error.message[:300] for error in validator().iter_errors(one)]
        if wrong:
            raise Failure(f"a line is not valid by docs/json.schema.json: {wrong[0]}\n{one}")
        _seen.add(form)
