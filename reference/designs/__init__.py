"""What students design themselves: a spec says what is asked and how inputs are drawn, and there is no reference."""
