"""What the blueprint says of a site: the checks of the pack, in square metres.

Owns: the rules of the checks (pure), runs with the editions they used, their findings and patches.
Does not own: layers (layers), sites (siting), shapes and files (geometry), the page and the
paper of a run (reports), what a case decides because of a finding (review).
Before: siting and layers. After: the review, which shows the findings of a site beside its case; supervision.
"""
