"""A project with its stages, as everybody sees it.

Owns the project page, my projects, the item list, public progress, the line map and the project part of the API.
Does not own any row: it reads what registry, planning, applications, review and certificates have written.
Before it: review and certificates. After it: nobody; window and supervision have screens of their own.
"""
