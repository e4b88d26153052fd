"""Foreign keys named by string are invisible to import contracts; here they are held to the same order."""

from django.apps import apps
from django.conf import settings
from django.db.models import Field, Model

from tests.architecture.sources import AREAS

RANK = {slice_.split(".")[1]: number for number, slice_ in enumerate(settings.SLICES)}
# Siblings of one rank may not know each other either, so their order in SLICES says nothing in their favour.
SIBLINGS = [
    {"archive", "planning"},
    {"ideas", "citywide"},
    {"oneform", "deadlines"},
    {"window", "feedback", "tracking"},
]


def ours(model: type[Model]) -> bool:
    return model.__module__.split(".")[0] in AREAS


def relations() -> list[tuple[type[Model], Field, type[Model]]]:
    """Return (model, field, target) for every relation between two of our models."""
    return [
        (model, field, field.related_model)
        for model in apps.get_models(include_auto_created=True)
        if ours(model)
        for field in model._meta.get_fields()
        if isinstance(field, Field) and isinstance(field.related_model, type) and ours(field.related_model)
    ]


def test_relations_point_downward_only() -> None:
    wrong = []
    for model, field, target in relations():
        source, destination = model._meta.app_label, target._meta.app_label
        sideways = any({source, destination} <= group for group in SIBLINGS) and source != destination
        if RANK[destination] > RANK[source] or sideways:
            wrong.append(f"{source}.{model.__name__}.{field.name} -> {destination}.{target.__name__}")
    assert wrong == []


def test_there_are_relations_to_judge() -> None:
    assert len(relations()) > 20


def test_every_slice_is_installed_under_its_own_name() -> None:
    for name in settings.SLICES:
        label = name.split(".")[1]
        assert apps.get_app_config(label).name == name
