"""The frozen definitions of a version."""

from __future__ import annotations

from functools import lru_cache

from portal.citypack import queries as citypack
from projects.catalogue.compiler import compile_catalogue
from projects.catalogue.definitions import Catalogue


@lru_cache(maxsize=16)
def catalogue(version_id: int) -> Catalogue:
    """Give the definitions of a version; compiled once per process, as a version never changes.

    :raises NotFound: there is no such version
    """
    version = citypack.version(version_id)
    return compile_catalogue(version_id=version.pk, number=version.number, documents=version.documents)


def recent_catalogue() -> Catalogue:
    """Give the definitions that were current a moment ago, for the choices of a list; asks nothing most of the time.

    :raises NoPack: no pack was loaded yet
    """
    return catalogue(citypack.recent_id())


def current_catalogue() -> Catalogue:
    """Give the definitions of the version that new projects start under.

    :raises NoPack: no pack was loaded yet
    """
    return catalogue(citypack.current_id())
