"""Who works here: people, the bodies they belong to, and what their roles allow.

Owns users, enterprises, departments, roles, memberships, sign-in, passwords and sessions.
Does not own what a grant is about: each slice's policies ask the Actor that is built here.
Before it: core and the city pack (departments and roles are data). After it: everything people do.
"""
