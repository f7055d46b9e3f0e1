"""From a verbatim message to a traced order: accept, translate, append, correlate, project, detect."""
