"""What is wrong, and who works on it: rules, exception cases, queues."""
