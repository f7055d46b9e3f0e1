"""Metrics with the lines behind them."""
