"""A slow, second reading of the clock contract: plain dicts in, day by day, nothing shared with the real one."""

from datetime import UTC, date, datetime, time, timedelta

DAY = timedelta(days=1)
SPECIALS = {"expert", "publicity", "hearing", "site", "superior", "test", "bid", "other"}
OUTCOMES = {"approved", "approved_tolerant", "denied", "refused"}
CALIBRES = ("C1", "C2", "C9")


class Model:
    """One input, answered by walking through its days."""

    def __init__(self, given: dict, rest: set[date], extra: set[date], known: tuple[date, date] | None):
        self.given, self.rest, self.extra, self.known = given, rest, extra, known
        self.events = [{"kind": None, **event, "when": moment(event["at"])} for event in given["events"]]
        for event in self.events:
            # Shanghai has kept UTC+8 all through this century
            event["day"] = (event["when"].astimezone(UTC) + timedelta(hours=8)).date()
        self.as_of = date.fromisoformat(given["as_of"])
        self.stops = given.get("correction_stops", ["C2", "C9"])
        self.calendar_days = given.get("unit", "working") == "calendar"

    def works(self, day: date) -> bool:
        return day in self.extra or (day.isoweekday() <= 5 and day not in self.rest)

    def received(self) -> date:
        first = self.events[0]
        day = first["day"]
        if first["type"] == "received":
            return day
        closing = time.fromisoformat(self.given.get("close_of_business", "17:30"))
        local = (first["when"].astimezone(UTC) + timedelta(hours=8)).time()
        if not self.works(day) or local > closing:
            day += DAY
            while not self.works(day):
                day += DAY
        return day

    def notice_end(self) -> date:
        day, left = self.received(), 5
        while left:
            day += DAY
            left -= self.works(day)
        return day

    def fault(self) -> dict | None:
        for index, event in enumerate(self.events):
            reason = self.reason(self.events[:index], event)
            if reason:
                return {"index": index, "reason": reason}
        if self.as_of < self.events[0]["day"]:
            return {"index": None, "field": "as_of", "reason": "bad_field"}
        return None

    def reason(self, before: list[dict], event: dict) -> str | None:
        kind, name = event["kind"], event["type"]
        if before and event["when"] < before[-1]["when"]:
            return "out_of_order"
        types = [other["type"] for other in before]
        if "withdrawn" in types or ("decided" in types and name != "delivered"):
            return "after_end"
        if not before:
            return None if name in ("submitted", "received") else "not_received"
        end = self.notice_end()
        asked = any(other["type"] == "correction_requested" and other["day"] <= end for other in before)
        accepted = "accepted" in types or (event["day"] > end and not asked)
        if name == "accepted" and "accepted" in types:
            return "already_accepted"
        if name == "decided" and kind == "refused":
            return "already_accepted" if accepted else None
        if name in ("special_started", "extended", "decided") and not accepted:
            return "not_accepted"
        if name == "correction_supplied" and self.open_corrections(before) == 0:
            return "end_without_start"
        if name == "special_ended" and self.open_specials(before, kind or "other") == 0:
            return "end_without_start"
        if name == "delivered" and "decided" not in types:
            return "not_decided"
        return None

    @staticmethod
    def open_corrections(events: list[dict]) -> int:
        types = [event["type"] for event in events]
        return types.count("correction_requested") - types.count("correction_supplied")

    @staticmethod
    def open_specials(events: list[dict], kind: str | None = None) -> int:
        mine = [event["type"] for event in events if kind is None or (event["kind"] or "other") == kind]
        return mine.count("special_started") - mine.count("special_ended")

    def answer(self) -> dict:
        fault = self.fault()
        if fault:
            return {"errors": [fault]}
        happened = [event for event in self.events if event["day"] <= self.as_of]
        received, notice_end = self.received(), self.notice_end()
        ended = [event["day"] for event in happened if event["type"] in ("decided", "withdrawn")]
        last = ended[0] if ended else self.as_of
        answered = any(
            event["day"] <= notice_end
            and (
                event["type"] in ("accepted", "correction_requested", "withdrawn")
                or (event["type"] == "decided" and event["kind"] == "refused")
            )
            for event in happened
        )
        deemed = self.as_of > notice_end and not answered
        accepted_days = [event["day"] for event in happened if event["type"] == "accepted"]
        accepted = received if deemed else max(accepted_days[0], received) if accepted_days else None

        def stopped(day: date, calibre: str) -> bool:
            if day > last:
                return False
            earlier = [event for event in happened if event["day"] < day]
            if self.open_specials(earlier) > 0:
                return True
            return calibre in self.stops and self.open_corrections(earlier) > 0

        def counts(day: date, calibre: str) -> bool:
            return (
                accepted is not None
                and day > accepted
                and (self.calendar_days or self.works(day))
                and not stopped(day, calibre)
            )

        ledger = []
        day = received + DAY
        while day <= last:
            earlier = [event for event in happened if event["day"] < day]
            third, applicant = self.open_specials(earlier) > 0, self.open_corrections(earlier) > 0
            ledger.append(
                {
                    "date": day.isoformat(),
                    "working": self.works(day),
                    "holder": "third" if third else "applicant" if applicant else "dept",
                    "counts": {calibre: counts(day, calibre) for calibre in CALIBRES},
                }
            )
            day += DAY
        used = {calibre: sum(row["counts"][calibre] for row in ledger) for calibre in CALIBRES}
        for calibre, holder in (("C3", "dept"), ("C4", "applicant"), ("C5", "third")):
            used[calibre] = sum(row["working"] and row["holder"] == holder for row in ledger)
        used["C6"] = (last - happened[0]["day"]).days

        more = sum(event["days"] for event in happened if event["type"] == "extended")
        limits = {"C1": self.given["statutory_days"] + more, "C2": self.given["promised_days"] + more}
        due = {}
        for calibre, limit in limits.items():
            due[calibre] = None
            if accepted is not None:
                day, reached = accepted, 0
                while reached < limit:
                    day += DAY
                    reached += counts(day, calibre)
                while self.calendar_days and not self.works(day):
                    day += DAY
                due[calibre] = day

        special, correction = self.open_specials(happened) > 0, self.open_corrections(happened) > 0
        suspended = accepted is not None and not ended and (special or (correction and "C2" in self.stops))
        days = [received, last] + [day for day in due.values() if day]
        unknown = self.known is not None and any(not self.known[0] <= day <= self.known[1] for day in days)
        limit = limits["C2"]
        if accepted is None:
            light = "blue"
        elif used["C2"] > limit and last > due["C2"]:
            light = "red"
        elif ended:
            light = "green"
        elif suspended:
            light = "grey"
        elif limit - used["C2"] <= max(1, -(-limit // 5)):
            light = "yellow"
        else:
            light = "green"
        return {
            "received_on": received.isoformat(),
            "accepted_on": accepted and accepted.isoformat(),
            "deemed_accepted": deemed,
            "ended_on": ended[0].isoformat() if ended else None,
            "used": used,
            "due_on": {calibre: day and day.isoformat() for calibre, day in due.items()},
            "provisional": suspended or unknown,
            "light": light,
            "ledger": ledger,
            "errors": [],
        }


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
