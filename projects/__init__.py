"""What is being built: the catalogue of services, the register of projects, their plans and documents.

Owns: projects, codes, plans, the archive.
Does not own: any state of an approval.
"""
