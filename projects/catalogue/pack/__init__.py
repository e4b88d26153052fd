"""The catalogue's part of the city pack: flows, items, materials, results, forms and joint work."""

from portal.citypack import registry
from projects.catalogue.pack import conditions, flows, forms, items, papers, rows, shapes


def register() -> None:
    """Register the sections; called once from the app's ready()."""
    registry.register(
        "catalogue",
        files={
            "items": shapes.ITEMS,
            "flows": shapes.FLOWS,
            "materials": shapes.MATERIALS,
            "results": shapes.RESULTS,
            "joint": shapes.JOINT,
        },
        apply=rows.apply,
        after=("departments",),
    )
    registry.register("forms", files={"form": shapes.FORM}, reads=("items", "results", "layers"), check=forms.check)
    registry.register(
        "items", reads=("items", "flows", "departments", "materials", "clock"), check=items.check, after=("catalogue",)
    )
    registry.register(
        "conditions", reads=("items", "flows", "form", "layers"), check=conditions.check, after=("catalogue",)
    )
    registry.register("flows", reads=("items", "flows", "departments"), check=flows.check, after=("catalogue",))
    registry.register(
        "papers",
        reads=("items", "materials", "results", "joint", "departments", "clock"),
        check=papers.check,
        after=("catalogue",),
    )
