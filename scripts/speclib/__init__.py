"""What scripts/spec makes of include/tcp_lifecycle.yaml, one noun a file."""
