"""What templates of the office's lists need."""
