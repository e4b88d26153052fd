"""One journey per promise of the portal, through HTTP only."""
