"""Import a file as a published edition: `import_layer FILE --layer ID --edition NAME`; prints one JSON document."""

import gc
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from blueprint.geometry import systems
from blueprint.geometry.formats import dbf
from blueprint.layers import operations
from portal.citypack import operations as citypack
from portal.citypack import queries as packs
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import DomainError
from portal.core.jsonlines import JsonCommand

WRONG_USAGE = 2


class Command(JsonCommand):
    """Import one file; exit 0 when it is stored, 1 when it was refused, 2 for wrong usage."""

    help = "Import a file (GeoJSON, zipped SHP, GPKG, DXF) as an edition of a layer of the blueprint."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--layer", required=True, help="the layer's code, say L04.01.02")
        parser.add_argument("--edition", required=True, help="the edition's name, say 2026")
        parser.add_argument("--crs", help="EPSG:n, whatever the file says")
        parser.add_argument("--encoding", help="of the text in the file, say gbk")

    def handle(
        self,
        *args: Any,
        file: Path,
        layer: str,
        edition: str,
        crs: str | None,
        encoding: str | None,
        **options: Any,
    ) -> None:
        if encoding and dbf.codec(encoding) is None:
            raise CommandError(f"There is no encoding {encoding!r}.", returncode=WRONG_USAGE)
        # what came in with the modules stays; among millions of features it need not be looked through again and again
        gc.freeze()
        actor = Actor.system("import_layer")
        if not packs.is_loaded():
            citypack.load(directory=settings.CITY_PACK, actor=actor, at=clock.now())
        try:
            given = _crs(crs) if crs else None
            imported = operations.import_edition(
                path=file, layer=layer, name=edition, actor=actor, at=clock.now(), crs=given, encoding=encoding
            )
        except operations.FeaturesRejected as refusal:
            self.say(refusal.report)
            raise SystemExit(1) from refusal
        except DomainError as refusal:
            self.say({"error": {"code": refusal.code, "message": str(refusal)}})
            raise SystemExit(1) from refusal
        self.say(imported.report)


def _crs(value: str) -> int:
    try:
        return systems.parse_option(value)
    except ValueError as error:
        raise CommandError(f"--crs {value!r}: write EPSG:n.", returncode=WRONG_USAGE) from error
