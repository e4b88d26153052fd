"""Reads of joint work."""

from approvals.joint.queries.kinds import opinion_kinds, participants_of, session_kinds
from approvals.joint.queries.lists import (
    asked_by_us,
    consultations_of_case,
    consultations_of_stage,
    invitations,
    led_sessions,
    own_sessions,
    requests_to_us,
    waiting,
    waiting_for_applicant,
)
from approvals.joint.queries.papers import conclusion_by_code

__all__ = [
    "asked_by_us",
    "conclusion_by_code",
    "consultations_of_case",
    "consultations_of_stage",
    "invitations",
    "led_sessions",
    "opinion_kinds",
    "own_sessions",
    "participants_of",
    "requests_to_us",
    "session_kinds",
    "waiting",
    "waiting_for_applicant",
]
