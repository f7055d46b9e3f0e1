"""Operational visibility for distribution: the product itself, one package a stage of the pipeline."""
