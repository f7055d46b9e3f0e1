"""Files in a folder: what is asked goes into one, what happened is read from another."""
