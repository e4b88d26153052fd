"""The library of e-certificates."""

from projects.archive.gateways import BUSINESS_LICENCE, DemoLibrary, NoLibrary, library
from projects.catalogue import queries as catalogue_queries

DESIGNER = "91449902MA9A00053W"


def test_reads_the_licence_of_a_registered_enterprise(enterprise):
    licence = library().lookup(kind=BUSINESS_LICENCE, uscc=enterprise.uscc)

    assert licence.holder == enterprise.uscc
    assert licence.values == {
        "owner_name": enterprise.name,
        "owner_uscc": enterprise.uscc,
        "owner_type": enterprise.owner_type,
        "legal_person": enterprise.legal_person,
    }


def test_reads_the_licence_of_an_enterprise_of_the_demo_city(pack):
    assert DemoLibrary().lookup(kind=BUSINESS_LICENCE, uscc=DESIGNER).values["legal_person"] == "蒋砚秋"


def test_knows_nothing_else(enterprise):
    assert DemoLibrary().lookup(kind=BUSINESS_LICENCE, uscc="91350100M000100Y43") is None
    assert DemoLibrary().lookup(kind="居民身份证", uscc=enterprise.uscc) is None


def test_a_city_without_a_library_gets_uploads(enterprise, settings):
    settings.DEMO = False

    assert isinstance(library(), NoLibrary)
    assert library().lookup(kind=BUSINESS_LICENCE, uscc=enterprise.uscc) is None


def test_the_pack_calls_the_licence_by_that_name(pack):
    kinds = {material.e_cert for material in catalogue_queries.catalogue(pack.pk).materials.values()}

    assert BUSINESS_LICENCE in kinds
