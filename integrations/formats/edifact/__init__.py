"""EDIFACT syntax (ISO 9735, versions 1 to 4): separators, envelopes, messages. No Django, no meaning."""
