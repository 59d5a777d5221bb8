"""What stands on disk: story keys, sealed files, run reports."""
