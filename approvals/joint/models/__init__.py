"""The rows of joint work."""

from approvals.joint.models.consultations import Consultation, Reply, Request
from approvals.joint.models.sessions import (
    Conclusion,
    Participant,
    Point,
    PointStep,
    Session,
    SessionHold,
    SessionResult,
)

__all__ = [
    "Conclusion",
    "Consultation",
    "Participant",
    "Point",
    "PointStep",
    "Reply",
    "Request",
    "Session",
    "SessionHold",
    "SessionResult",
]
