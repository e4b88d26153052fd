"""Every slice's addresses are joined in portal/urls.py, and every page is behind a policy or meant for the public."""

from importlib import import_module

import pytest
from django.urls import get_resolver

from portal import urls
from tests.architecture.sources import slices

JOINED = {module for _, module in (*urls.PAGES, *urls.API)}


def named(folder_module: str) -> bool:
    """Tell whether a module exists and has addresses of its own."""
    try:
        module = import_module(folder_module)
    except ModuleNotFoundError as missing:
        if missing.name != folder_module:
            raise
        return False
    return hasattr(module, "urlpatterns")


@pytest.mark.parametrize("slice_", [".".join(folder.parts[-2:]) for folder in slices()])
def test_what_a_slice_offers_is_joined(slice_: str) -> None:
    for part in ("urls", "api"):
        if named(f"{slice_}.{part}"):
            assert f"{slice_}.{part}" in JOINED, f"add {slice_}.{part} to portal/urls.py"


def test_nothing_is_joined_twice_and_all_of_it_can_be_loaded() -> None:
    modules = [module for _, module in (*urls.PAGES, *urls.API)]
    assert sorted(modules) == sorted(set(modules))
    assert get_resolver().url_patterns


def test_pages_have_their_slices_namespace() -> None:
    for _, module in urls.PAGES:
        assert import_module(module).app_name == module.split(".")[1]


def test_no_two_api_calls_have_one_address() -> None:
    addresses = [
        prefix + str(pattern.pattern) for prefix, module in urls.API for pattern in import_module(module).urlpatterns
    ]
    assert sorted(addresses) == sorted(set(addresses))
