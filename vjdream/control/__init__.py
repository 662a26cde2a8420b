"""Messages to state: OSC, dispatch, glide, subscribers."""
