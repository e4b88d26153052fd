"""What machines send and get, field by field."""

from rest_framework import serializers

from approvals.deadlines.states import Light


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
    holds = serializers.ListField(child=serializers.DictField())
    decision = serializers.DictField(allow_null=True)
    earlier_results = serializers.ListField(child=serializers.DictField())
