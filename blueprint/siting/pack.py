"""What a site says of its project must not give a masked layer away: it answers yes or no, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from blueprint.layers import visibility
from blueprint.layers.pack import FILE
from blueprint.siting.derive import expand
from portal.citypack import registry
from portal.citypack.faults import Fault
from portal.citypack.registry import Documents
from projects.catalogue.definitions.words import MapGives

FORM = "form.yaml"
#: answers from which the place or the size of what was met could be told
TELLING = frozenset({MapGives.INSIDE, MapGives.OUTSIDE})


def register() -> None:
    """Register the section; called once from the app's ready()."""
    registry.register("siting", reads=["layers", "form"], check=check)


def check(documents: Documents) -> Iterator[Fault]:
    """Refuse masked layers where square metres, or shares, are written down."""
    shows = visibility.of_layers(documents["layers"])
    words = _("“%s”是脱敏图层，只能回答是或否，不能写出面积或占比")

    def masked(name: str) -> Iterator[str]:
        return (layer for layer in expand(shows, name) if shows[layer].is_masked)

    for form in documents["form"]["forms"]:
        for field in form["fields"]:
            plotted = field.get("map") or {}
            if plotted.get("gives") in TELLING:
                for name in plotted.get("layers") or ():
                    for layer in masked(name):
                        yield Fault(FORM, f"forms[{form['id']}].fields[{field['id']}].map.layers", words % layer)
    for index, name in enumerate((documents["layers"].get("siting") or {}).get("districts") or []):
        for layer in masked(name):
            yield Fault(FILE, f"siting.districts[{index + 1}]", words % layer)
