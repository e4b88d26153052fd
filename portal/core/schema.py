"""What the description of the machine interface says for all endpoints at once: how each of them refuses."""

from typing import Any

from portal.core.http import PROBLEM

_PROBLEM_SCHEMA = {
    "type": "object",
    "description": "RFC 9457. `code` names the rule for programs, `title` is the sentence for people.",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "fields": {"type": "object", "additionalProperties": True, "description": "what is wrong, by field"},
    },
}
_REFERENCE = {"$ref": "#/components/schemas/Problem"}

#: refusals that need no act of their own; what else one endpoint says of a status stays as it is
_EVERYWHERE = {
    "400": "bad_request, parse_error: the request cannot be read",
    "401": "not_authenticated, authentication_failed: no token, or one that is not in force",
    "403": "not_allowed",
    "404": "not_found: there is nothing, or nothing the caller may know of",
    "422": "invalid, by field",
}
_WITH_BODY = {"409": "the state does not allow this; `code` says which rule", "415": "unsupported_media_type"}


def tell_refusals(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add the answers that every endpoint may give, and say that each refusal is a problem (a drf-spectacular hook)."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = _PROBLEM_SCHEMA
    for methods in result["paths"].values():
        for method, operation in methods.items():
            answers = operation["responses"]
            for status, words in (_EVERYWHERE | (_WITH_BODY if method != "get" else {})).items():
                answers.setdefault(status, {"description": words})
            for status, answer in answers.items():
                if status >= "400":
                    answer.setdefault("content", {PROBLEM: {"schema": _REFERENCE}})
            operation["responses"] = dict(sorted(answers.items()))
    return result
