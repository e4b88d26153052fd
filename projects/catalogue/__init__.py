"""What can be applied for: stages, items, flows, materials, results and fields of one pack version.

Owns: the catalogue rows, their frozen definitions, the closed grammar of conditions, the public guides and home page.
Does not own: what one project needs (planning), what an applicant fills in (oneform), departments (accounts).
Before: citypack, which keeps the documents every version is compiled from.
After: registry and planning, which choose a flow and a list of items for one project; oneform, review, certificates.
"""
