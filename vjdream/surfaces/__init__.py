"""The process for people: page, discovery, OSCQuery, MIDI; they speak OSC to the stage like all."""
