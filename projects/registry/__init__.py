"""What is being built: a project under its code, what is known of it, its units, and who may see it.

Owns projects, facts with their sources, engineering codes, project codes and their issuers, mandates, the QR link.
Does not own the stages and cases of a project (review), its papers (archive), its list of items (planning).
Before it: the catalogue, whose flow conditions are judged here. After it: planning, archive and everything that is
applied for. Upward news: registry.project.*, registry.facts.recorded, registry.flow.overridden, registry.unit.*.
"""
