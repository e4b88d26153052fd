"""Where it is being built: the layers of the one blueprint, sites and checks. The only area that uses GIS."""
