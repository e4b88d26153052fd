"""What machines send and get, field by field."""

from rest_framework import serializers

from approvals.deadlines.states import Light, SpecialKind
from approvals.review.states import HoldClock


class ApplicationInputSerializer(serializers.Serializer[None]):
    """What to apply for."""

    project = serializers.CharField(help_text="project code")
    stage = serializers.CharField(help_text="S0 to S4, or P for the parallel stream")
    items = serializers.ListField(child=serializers.CharField(), required=False, allow_null=True, max_length=200)
    unit = serializers.CharField(required=False, allow_null=True, help_text="engineering code, if divided")
    channel = serializers.ChoiceField(choices=["online", "counter"], required=False, default="online")
    paper_received_on = serializers.DateField(required=False, allow_null=True)


class ReasonSerializer(serializers.Serializer[None]):
    """Why."""

    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)


class TaskSerializer(serializers.Serializer[None]):
    """One open step."""

    id = serializers.IntegerField()
    case = serializers.IntegerField()
    item = serializers.CharField()
    item_name = serializers.CharField()
    project = serializers.CharField(allow_null=True)
    project_name = serializers.CharField()
    department = serializers.CharField()
    step = serializers.CharField()
    deciding = serializers.BooleanField()
    conclusions = serializers.ListField(child=serializers.CharField())
    state = serializers.CharField()
    assignee = serializers.CharField(allow_null=True)
    opened_at = serializers.DateTimeField()
    light = serializers.ChoiceField(choices=Light.choices)
    due_on = serializers.DateField(allow_null=True)


class TaskPageSerializer(serializers.Serializer[None]):
    """A page of tasks."""

    results = TaskSerializer(many=True)
    next = serializers.URLField(allow_null=True)


class CompletionSerializer(serializers.Serializer[None]):
    """How a step ends."""

    conclusion = serializers.ChoiceField(choices=["pass", "return", "grant", "reject"])
    opinion = serializers.CharField(required=False, allow_blank=True, default="", max_length=10_000)
    attributes = serializers.DictField(required=False, allow_null=True)
    basis = serializers.CharField(
        required=False,
        allow_null=True,
        allow_blank=True,
        default=None,
        max_length=1000,
        help_text="of a refusal: the law it rests on; without it, the legal basis of the item in the pack",
    )
    deferred = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        default=list,
        help_text="of a grant: materials that may come later",
    )
    supply_by = serializers.DateField(required=False, allow_null=True, default=None)
    version = serializers.IntegerField(
        required=False, allow_null=True, default=None, help_text="of the case; an old one is answered with 409 `stale`"
    )


class HoldInputSerializer(serializers.Serializer[None]):
    """Why a case stands still; a special procedure names its kind and expected working days."""

    reason = serializers.CharField(max_length=500)
    clock = serializers.ChoiceField(
        choices=[HoldClock.NONE.value, HoldClock.SPECIAL.value], default=HoldClock.NONE.value
    )
    kind = serializers.ChoiceField(choices=SpecialKind.choices, required=False, allow_blank=True, default="")
    expected_days = serializers.IntegerField(required=False, allow_null=True, default=None)
    basis = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)
    version = serializers.IntegerField(required=False, allow_null=True, default=None)


class VersionSerializer(serializers.Serializer[None]):
    """The version of the case that the caller has seen."""

    version = serializers.IntegerField(required=False, allow_null=True, default=None)


class ExtensionInputSerializer(serializers.Serializer[None]):
    """How many days more, in the unit of the case's limits, and why."""

    days = serializers.IntegerField()
    reason = serializers.CharField(max_length=500)
    version = serializers.IntegerField(required=False, allow_null=True, default=None)


class ExtensionVerdictSerializer(serializers.Serializer[None]):
    """The approver's answer to the extension that was asked for."""

    granted = serializers.BooleanField()
    remark = serializers.CharField(required=False, allow_blank=True, default="", max_length=500)
    version = serializers.IntegerField(required=False, allow_null=True, default=None)


class RevocationSerializer(serializers.Serializer[None]):
    """Why a decision is taken back, and under which law."""

    reason = serializers.CharField(max_length=2000)
    basis = serializers.CharField(max_length=500)
    version = serializers.IntegerField(required=False, allow_null=True, default=None)


class ReopeningSerializer(serializers.Serializer[None]):
    """Why a decided case is taken up again."""

    reason = serializers.CharField(max_length=2000)
    version = serializers.IntegerField(required=False, allow_null=True, default=None)


class TimerSerializer(serializers.Serializer[None]):
    """Where the clock of a case stands today."""

    received_on = serializers.DateField(allow_null=True)
    accepted_on = serializers.DateField(allow_null=True)
    promised_days = serializers.IntegerField()
    statutory_days = serializers.IntegerField()
    unit = serializers.CharField()
    promised_due_on = serializers.DateField(allow_null=True)
    statutory_due_on = serializers.DateField(allow_null=True)
    light = serializers.ChoiceField(choices=Light.choices)
    state = serializers.CharField()


class CaseSerializer(serializers.Serializer[None]):
    """A case with everything that was said and decided."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    item = serializers.CharField()
    item_name = serializers.CharField()
    department = serializers.CharField()
    project = serializers.CharField(allow_null=True)
    application = serializers.IntegerField()
    stage = serializers.CharField()
    state = serializers.CharField()
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    timer = TimerSerializer()
    tasks = serializers.ListField(child=serializers.DictField())
    opinions = serializers.ListField(child=serializers.DictField())
    version = serializers.IntegerField()
    round = serializers.IntegerField()
    holds = serializers.ListField(child=serializers.DictField())
    extensions = serializers.ListField(child=serializers.DictField())
    decision = serializers.DictField(allow_null=True)
    earlier_results = serializers.ListField(child=serializers.DictField())
