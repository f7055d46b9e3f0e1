"""JSON as vendors of ERP, shop and transport systems write it: a module a vendor."""
