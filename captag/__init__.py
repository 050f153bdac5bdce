"""The two stages joined: settings, pipeline, command line."""
