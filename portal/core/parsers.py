"""JSON that can be kept; a module of its own, because the framework loads its parsers before its views."""

from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.parsers import JSONParser

#: the deepest value of ours, a polygon with holes, has half of this
DEEPEST = 16


class PlainJSONParser(JSONParser):
    """JSON that can be kept: not deeper than our values are, and of characters the database takes."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            found = super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise _TooDeep from error
        _check(found)
        return found


class _TooDeep(exceptions.ParseError):
    default_detail = gettext_lazy("内容的层数太多。请按接口说明发送。")


def _check(found: Any) -> None:
    layer = [found]
    for _depth in range(DEEPEST):
        texts = [text for value in layer for text in _texts(value)]
        if not all(_is_keepable(text) for text in texts):
            raise exceptions.ParseError(_("文字里有不能保存的字符（空字符或半个字符）。请去掉后再发送。"))
        layer = [inner for value in layer for inner in _inner(value)]
        if not layer:
            return
    raise _TooDeep


def _inner(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return list(value)
    return [value] if isinstance(value, str) else []


def _is_keepable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)
