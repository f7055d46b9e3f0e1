"""What silent detectors would have opened, who is live, and switching both."""
