"""What goes in and comes out of the machine interface of applications."""

from typing import Any

from rest_framework import serializers


class NoticeSerializer(serializers.Serializer[None]):
    """An official paper of the window."""

    kind = serializers.CharField()
    number = serializers.CharField()
    issued_at = serializers.DateTimeField()
    reason = serializers.CharField()
    verify_code = serializers.CharField()


class ApplicationSerializer(serializers.Serializer[None]):
    """An application as every act on it answers."""

    id = serializers.IntegerField()
    number = serializers.CharField(allow_null=True)
    project = serializers.CharField(allow_null=True)
    unit = serializers.CharField(allow_null=True)
    stage = serializers.CharField()
    state = serializers.CharField()
    channel = serializers.CharField()
    items = serializers.ListField(child=serializers.CharField())
    submitted_at = serializers.DateTimeField(allow_null=True)
    received_on = serializers.DateField(allow_null=True)
    notice_due_on = serializers.DateField(allow_null=True)
    correction_due_on = serializers.DateField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    notices = NoticeSerializer(many=True)
    corrections = serializers.ListField(child=serializers.DictField())


class OptionSerializer(serializers.Serializer[None]):
    """One value a field may take."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class ColumnSerializer(serializers.Serializer[None]):
    """One column of a table field."""

    id = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    type = serializers.CharField()
    unit = serializers.CharField(allow_null=True)
    required = serializers.BooleanField()  # type: ignore[assignment]
    options = OptionSerializer(many=True)


class FieldSerializer(serializers.Serializer[None]):
    """One field of the form with its present value and what is wrong with it."""

    id = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    type = serializers.CharField()
    unit = serializers.CharField(allow_null=True)
    required = serializers.BooleanField()  # type: ignore[assignment]
    options = OptionSerializer(many=True)
    columns = ColumnSerializer(many=True)
    value = serializers.JSONField(allow_null=True)
    source = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    read_only = serializers.BooleanField()  # type: ignore[assignment]
    needed_by = serializers.ListField(child=serializers.CharField())
    problem = serializers.CharField(allow_null=True)
    version = serializers.CharField(help_text="mark of what the field shows now; see the versions of a PATCH")


class FormSerializer(serializers.Serializer[None]):
    """The combined form."""

    fields_ = FieldSerializer(many=True)

    def get_fields(self) -> dict[str, Any]:
        """Name the list `fields`, a word the serializer itself has taken."""
        return {"fields": super().get_fields()["fields_"]}


class ConflictSerializer(serializers.Serializer[None]):
    """One field somebody else has changed since its version was read."""

    yours = serializers.JSONField(allow_null=True)
    theirs = serializers.JSONField(allow_null=True)
    author = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField(allow_null=True)
    version = serializers.CharField(help_text="send it back to write over theirs")


class EditedMeanwhileSerializer(serializers.Serializer[None]):
    """The problem of a PATCH that would undo somebody's change: nothing was saved."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="edited_meanwhile, or state, not_to_mend without conflicts")
    fields_ = serializers.DictField(child=serializers.CharField())
    conflicts = serializers.DictField(child=ConflictSerializer(), required=False)

    def get_fields(self) -> dict[str, Any]:
        """Name the sentences `fields`, a word the serializer itself has taken."""
        fields = super().get_fields()
        return {("fields" if name == "fields_" else name): field for name, field in fields.items()}


class ReusableSerializer(serializers.Serializer[None]):
    """A document of the project that may fill the slot."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    file_name = serializers.CharField()
    supplied_at = serializers.DateTimeField()


class SlotSerializer(serializers.Serializer[None]):
    """A needed material."""

    id = serializers.IntegerField()
    material = serializers.CharField()
    name = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]
    filled = serializers.BooleanField()
    items = serializers.ListField(child=serializers.CharField())
    formats = serializers.ListField(child=serializers.CharField())
    max_bytes = serializers.IntegerField()
    verdict = serializers.CharField(allow_null=True)
    problem = serializers.CharField(allow_null=True)
    files = serializers.ListField(child=serializers.DictField())
    reusable = ReusableSerializer(many=True)


class MaterialsSerializer(serializers.Serializer[None]):
    """All needed materials."""

    slots = SlotSerializer(many=True)


class MaterialInputSerializer(serializers.Serializer[None]):
    """A file for a slot, or the id of a document the project has already."""

    slot = serializers.CharField()
    # an empty file is refused by the store, which says what to hand in instead
    file = serializers.FileField(required=False, allow_empty_file=True)
    reuse = serializers.IntegerField(required=False)


class AnswerInputSerializer(serializers.Serializer[None]):
    """Why, and what is missing: slot ids or field ids."""

    reason = serializers.CharField(required=False, allow_blank=True, max_length=1000)
    missing = serializers.ListField(child=serializers.CharField(), required=False, max_length=300)
